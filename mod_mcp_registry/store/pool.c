/* Pooled connections. A handle is a pool of its own, its connection and its statements: they die together. */
#include "mod_mcp_registry/store/pool.h"

#include "common/util/utf8.h"
#include "sql/statement.h"
#include <apr_reslist.h>
#include <apr_strings.h>
#include <libpq-fe.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* After a failed connect nobody tries again for this long: whoever waits gets the answer at once, in turn. */
#define CONNECT_PAUSE apr_time_from_msec(250)
#define MESSAGE_CAP   512

struct mcpr_pool {
    mcpr_pool_options options;
    const apr_dbd_driver_t *driver;
    apr_reslist_t *list;
    int schema;                    /* the version that this binary's statements are for */
    _Atomic unsigned epoch;        /* raised when a connection broke; older handles are not used again */
    _Atomic apr_time_t down_until; /* no connect is tried before */
    _Atomic int complained;        /* the last connect failed and was told */
};

typedef struct handle {
    apr_pool_t *pool;
    apr_dbd_t *dbd;
    apr_dbd_prepared_t *statements[MCPR_SQL_MODULE_COUNT];
    unsigned epoch;
    apr_time_t born;
} handle;

static void complain(mcpr_pool *store, const char *format, const char *detail, apr_pool_t *pool)
{
    const char *clean = detail ? mcpr_utf8_clean(detail, strlen(detail), MESSAGE_CAP, pool) : "";
    store->options.complain(store->options.baton, apr_psprintf(pool, "PostgreSQL at %s: %s%s",
                                                               store->options.label, format, clean));
}

static void close_handle(handle *h, const apr_dbd_driver_t *driver)
{
    if (h->dbd) {
        apr_dbd_close(driver, h->dbd);
    }
    apr_pool_destroy(h->pool);
}

/* A server that said goodbye before it closed leaves the status at OK until somebody reads on. */
static int connection_is_bad(mcpr_pool *store, handle *h)
{
    PGconn *conn = apr_dbd_native_handle(store->driver, h->dbd);
    return PQstatus(conn) != CONNECTION_OK || !PQconsumeInput(conn) || PQstatus(conn) != CONNECTION_OK;
}

/* What a failure means for the read, the handle and whether to try again. The rows that are not named here
 * are bad luck with this handle: its statements may be gone, a plan may not fit any more. */
static const struct verdict {
    const char *sqlstate;
    mcpr_store_status status;
    int keep_handle, try_again;
} verdicts[] = {
    {"57014", MCPR_STORE_FAILED,      1, 0}, /* query_canceled: the time limit; a second try would double it */
    {"55P03", MCPR_STORE_UNAVAILABLE, 1, 0}, /* lock_not_available: a migration, mostly */
    {"",      MCPR_STORE_FAILED,      0, 1},
};
static const struct verdict connection_lost = {NULL, MCPR_STORE_UNAVAILABLE, 0, 1};

/* Looks for the SQLSTATE in libpq's message, which the connection has been asked to write there: apr_dbd has
 * already thrown the result away. */
static const struct verdict *judge(mcpr_pool *store, handle *h, const char *message)
{
    const struct verdict *v = verdicts;
    if (connection_is_bad(store, h)) {
        return &connection_lost;
    }
    while (*v->sqlstate && !strstr(message, v->sqlstate)) {
        v++;
    }
    return v;
}

/* The first line of libpq's message; the others tell where in PostgreSQL's source it was. */
static const char *error_of(mcpr_pool *store, handle *h, apr_pool_t *pool)
{
    const char *message = apr_dbd_error(store->driver, h->dbd, 0);
    return message ? apr_pstrmemdup(pool, message, strcspn(message, "\n")) : "no message";
}

static int run(mcpr_pool *store, handle *h, enum mcpr_sql_module_id id, const char **parameters,
               mcpr_rows *rows, apr_pool_t *pool)
{
    apr_dbd_results_t *results = NULL;
    int rc = apr_dbd_pselect(store->driver, pool, h->dbd, &results, h->statements[id], 1, 0, parameters);
    if (rc != 0) {
        return rc;
    }

    rows->count = apr_dbd_num_tuples(store->driver, results);
    rows->columns = apr_dbd_num_cols(store->driver, results);
    rows->values = apr_palloc(pool, sizeof(*rows->values) * (apr_size_t)(rows->count * rows->columns + 1));
    const char **to = rows->values;
    apr_dbd_row_t *row = NULL;
    for (int i = 0; i < rows->count; i++) {
        apr_dbd_get_row(store->driver, pool, results, &row, i + 1);
        for (int c = 0; c < rows->columns; c++, to++) {
            if (apr_dbd_datum_get(store->driver, row, c, APR_DBD_TYPE_STRING, to) != APR_SUCCESS) {
                *to = NULL;
            }
        }
    }
    return 0;
}

/* Prepares one statement; its text and name come from sql/module. */
static int prepare(mcpr_pool *store, handle *h, int id)
{
    return apr_dbd_prepare(store->driver, h->pool, h->dbd, mcpr_sql_module[id].text, mcpr_sql_module[id].name,
                           &h->statements[id]);
}

/* The schema comes first: without it the other statements can't be prepared, and the reason should be said.
 */
static int schema_fits(mcpr_pool *store, handle *h)
{
    mcpr_rows rows;
    if (prepare(store, h, MCPR_SQL_SCHEMA_VERSION) != 0 ||
        run(store, h, MCPR_SQL_SCHEMA_VERSION, NULL, &rows, h->pool) != 0) {
        complain(store, "no registry schema that can be read (has \"thv-syncd migrate up\" run?): ",
                 error_of(store, h, h->pool), h->pool);
        return 0;
    }
    int version = atoi(mcpr_rows_get(&rows, 0, 0));
    if (version < store->schema) {
        complain(
            store,
            apr_psprintf(h->pool,
                         "the schema is at version %d, this module needs %d: run \"thv-syncd migrate up\"",
                         version, store->schema),
            NULL, h->pool);
    } else if (version > store->schema) {
        complain(store,
                 apr_psprintf(h->pool,
                              "the schema is at version %d, this module knows %d: upgrade the module",
                              version, store->schema),
                 NULL, h->pool);
    }
    return version == store->schema;
}

static int connect_and_prepare(mcpr_pool *store, handle *h)
{
    const char *error = NULL;
    if (apr_dbd_open_ex(store->driver, h->pool, store->options.conninfo, &h->dbd, &error) != APR_SUCCESS) {
        h->dbd = NULL;
        if (!atomic_exchange(&store->complained, 1)) {
            complain(store, "", error ? error : "no connection", h->pool);
        }
        return 0;
    }
    PQsetErrorVerbosity(apr_dbd_native_handle(store->driver, h->dbd), PQERRORS_VERBOSE);
    if (!schema_fits(store, h)) {
        return 0;
    }
    for (int id = 0; id < MCPR_SQL_MODULE_COUNT; id++) {
        if (!h->statements[id] && prepare(store, h, id) != 0) {
            complain(store, apr_psprintf(h->pool, "statement %s: ", mcpr_sql_module[id].name),
                     error_of(store, h, h->pool), h->pool);
            return 0;
        }
    }
    return 1;
}

/* Called by the list, one thread at a time. The handle's pool has no parent: many threads make and drop
 * handles. */
static apr_status_t construct(void **resource, void *baton, apr_pool_t *unused)
{
    mcpr_pool *store = baton;
    apr_time_t now = apr_time_now();
    apr_pool_t *pool;

    (void)unused;
    if (now < atomic_load(&store->down_until)) {
        return APR_EAGAIN;
    }
    apr_status_t rv = apr_pool_create_unmanaged_ex(&pool, NULL, NULL);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    handle *h = apr_pcalloc(pool, sizeof(*h));
    h->pool = pool;
    h->born = now;
    h->epoch = atomic_load(&store->epoch);
    if (!connect_and_prepare(store, h)) {
        close_handle(h, store->driver);
        atomic_store(&store->down_until, apr_time_now() + CONNECT_PAUSE);
        return APR_ECONNREFUSED;
    }
    atomic_store(&store->complained, 0);
    *resource = h;
    return APR_SUCCESS;
}

static apr_status_t destruct(void *resource, void *baton, apr_pool_t *unused)
{
    mcpr_pool *store = baton;
    (void)unused;
    close_handle(resource, store->driver);
    return APR_SUCCESS;
}

apr_status_t mcpr_pool_create(mcpr_pool **created, const mcpr_pool_options *options, apr_pool_t *pool)
{
    mcpr_pool *store = apr_pcalloc(pool, sizeof(*store));
    store->options = *options;
    for (const mcpr_sql_migration *m = mcpr_sql_migrations; m->version; m++) {
        store->schema = m->version;
    }
    apr_status_t rv = apr_dbd_get_driver(pool, "pgsql", &store->driver);
    if (rv == APR_SUCCESS) {
        rv = apr_reslist_create(&store->list, 0, options->max, options->max, 0, construct, destruct, store,
                                pool);
    }
    if (rv == APR_SUCCESS) {
        apr_reslist_timeout_set(store->list, options->wait);
        *created = store;
    }
    return rv;
}

/* A handle that nobody has reason to doubt, or NULL. */
static handle *acquire(mcpr_pool *store, apr_pool_t *pool)
{
    void *resource;
    for (;;) {
        apr_status_t rv = apr_reslist_acquire(store->list, &resource);
        if (rv != APR_SUCCESS) {
            if (APR_STATUS_IS_TIMEUP(rv)) {
                complain(store, "no free connection within the time limit", NULL, pool);
            }
            return NULL;
        }
        handle *h = resource;
        if (h->epoch == atomic_load(&store->epoch) && apr_time_now() - h->born < store->options.lifetime) {
            return h;
        }
        apr_reslist_invalidate(store->list, h);
    }
}

/* One attempt. A handle that failed is destroyed; *try_again says whether a fresh one may do better. */
static mcpr_store_status attempt(mcpr_pool *store, enum mcpr_sql_module_id id, const char **parameters,
                                 mcpr_rows *rows, int *try_again, apr_pool_t *pool)
{
    handle *h = acquire(store, pool);
    *try_again = 0;
    if (!h) {
        return MCPR_STORE_UNAVAILABLE;
    }
    if (run(store, h, id, parameters, rows, pool) == 0) {
        apr_reslist_release(store->list, h);
        return MCPR_STORE_OK;
    }
    const char *message = error_of(store, h, pool);
    const struct verdict *v = judge(store, h, message);
    complain(store, apr_psprintf(pool, "%s: ", mcpr_sql_module[id].name), message, pool);
    if (v == &connection_lost) {
        unsigned mine = h->epoch;
        atomic_compare_exchange_strong(&store->epoch, &mine, mine + 1);
    }
    *try_again = v->try_again;
    if (v->keep_handle) {
        apr_reslist_release(store->list, h);
    } else {
        apr_reslist_invalidate(store->list, h);
    }
    return v->status;
}

mcpr_store_status mcpr_pool_select(mcpr_pool *store, enum mcpr_sql_module_id id, const char **parameters,
                                   mcpr_rows *rows, apr_pool_t *pool)
{
    int try_again;
    mcpr_store_status status = attempt(store, id, parameters, rows, &try_again, pool);
    return try_again ? attempt(store, id, parameters, rows, &try_again, pool) : status;
}
