/* A handle is a pool of its own, its connection and its statements: they die together. The pool has no
 * parent, since many threads make and drop handles. */
#include "mod_mcp_registry/store/handle.h"

#include "sql/statement.h"
#include <apr_strings.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

struct mcpr_handle {
    apr_pool_t *pool;
    const apr_dbd_driver_t *driver;
    apr_dbd_t *dbd;
    apr_dbd_prepared_t *statements[MCPR_SQL_MODULE_COUNT];
    apr_time_t born;
};

void mcpr_handle_close(mcpr_handle *h)
{
    if (h->dbd) {
        apr_dbd_close(h->driver, h->dbd);
    }
    apr_pool_destroy(h->pool);
}

apr_time_t mcpr_handle_born(const mcpr_handle *h)
{
    return h->born;
}

static PGconn *connection(mcpr_handle *h)
{
    return apr_dbd_native_handle(h->driver, h->dbd);
}

/* A server that said goodbye before it closed leaves the status at OK until somebody reads on. */
int mcpr_handle_lost(mcpr_handle *h)
{
    PGconn *conn = connection(h);
    return PQstatus(conn) != CONNECTION_OK || !PQconsumeInput(conn) || PQstatus(conn) != CONNECTION_OK;
}

/* The first line of libpq's message; the others tell where in PostgreSQL's source it was. */
const char *mcpr_handle_error(mcpr_handle *h, apr_pool_t *pool)
{
    const char *message = apr_dbd_error(h->driver, h->dbd, 0);
    return message ? apr_pstrmemdup(pool, message, strcspn(message, "\n")) : "no message";
}

int mcpr_handle_run(mcpr_handle *h, enum mcpr_sql_module_id id, const char **parameters, mcpr_rows *rows,
                    apr_pool_t *pool)
{
    apr_dbd_results_t *results = NULL;
    int rc = apr_dbd_pselect(h->driver, pool, h->dbd, &results, h->statements[id], 1, 0, parameters);
    if (rc != 0) {
        return rc;
    }

    rows->count = apr_dbd_num_tuples(h->driver, results);
    rows->columns = apr_dbd_num_cols(h->driver, results);
    rows->values = apr_palloc(pool, sizeof(*rows->values) * (apr_size_t)(rows->count * rows->columns + 1));
    const char **to = rows->values;
    apr_dbd_row_t *row = NULL;
    for (int i = 0; i < rows->count; i++) {
        apr_dbd_get_row(h->driver, pool, results, &row, i + 1);
        for (int c = 0; c < rows->columns; c++, to++) {
            if (apr_dbd_datum_get(h->driver, row, c, APR_DBD_TYPE_STRING, to) != APR_SUCCESS) {
                *to = NULL;
            }
        }
    }
    return 0;
}

/* Waits for bytes; 0 when time is up. */
static int readable(PGconn *conn, apr_time_t end)
{
    struct pollfd fd = {PQsocket(conn), POLLIN, 0};
    int n;

    do {
        apr_interval_time_t left = end - apr_time_now();
        n = left > 0 ? poll(&fd, 1, (int)apr_time_as_msec(left) + 1) : 0;
    } while (n < 0 && errno == EINTR);
    return n > 0;
}

/* Over libpq itself: apr_dbd waits for as long as PostgreSQL likes. */
int mcpr_handle_schema(mcpr_handle *h, apr_time_t end)
{
    PGconn *conn = connection(h);
    PGresult *result;
    int version = -1;

    if (!PQsendQueryPrepared(conn, mcpr_sql_module[MCPR_SQL_SCHEMA_VERSION].name, 0, NULL, NULL, NULL, 0)) {
        return -1;
    }
    do {
        while (PQisBusy(conn)) {
            if (!readable(conn, end) || !PQconsumeInput(conn)) {
                return -1;
            }
        }
        result = PQgetResult(conn);
        if (PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1) {
            version = atoi(PQgetvalue(result, 0, 0));
        }
        PQclear(result);
    } while (result);
    return version;
}

/* Prepares one statement; its text and name come from sql/module. */
static int prepare(mcpr_handle *h, int id)
{
    return apr_dbd_prepare(h->driver, h->pool, h->dbd, mcpr_sql_module[id].text, mcpr_sql_module[id].name,
                           &h->statements[id]);
}

/* The schema comes first: without it the other statements can't be prepared, and the reason should be said.
 */
static const char *complain_of_schema(mcpr_handle *h, int wanted, apr_pool_t *pool)
{
    mcpr_rows rows;
    if (prepare(h, MCPR_SQL_SCHEMA_VERSION) != 0 ||
        mcpr_handle_run(h, MCPR_SQL_SCHEMA_VERSION, NULL, &rows, h->pool) != 0) {
        return apr_pstrcat(pool, "no registry schema that can be read (has \"thv-syncd migrate up\" run?): ",
                           mcpr_handle_error(h, pool), NULL);
    }
    int version = atoi(mcpr_rows_get(&rows, 0, 0));
    if (version == wanted) {
        return NULL;
    }
    return apr_psprintf(pool, "the schema is at version %d, this module %s %d: %s", version,
                        version < wanted ? "needs" : "knows", wanted,
                        version < wanted ? "run \"thv-syncd migrate up\"" : "upgrade the module");
}

/* NULL when all went well, else the reason. */
static const char *set_up(mcpr_handle *h, const mcpr_connector *connector, apr_pool_t *pool)
{
    const char *error = NULL;
    if (apr_dbd_open_ex(h->driver, h->pool, connector->options->conninfo, &h->dbd, &error) != APR_SUCCESS) {
        h->dbd = NULL;
        return error ? apr_pstrdup(pool, error) : "no connection";
    }
    PQsetErrorVerbosity(connection(h), PQERRORS_VERBOSE);
    const char *reason = complain_of_schema(h, connector->schema, pool);
    for (int id = 0; !reason && id < MCPR_SQL_MODULE_COUNT; id++) {
        if (!h->statements[id] && prepare(h, id) != 0) {
            reason = apr_pstrcat(pool, "statement ", mcpr_sql_module[id].name, ": ",
                                 mcpr_handle_error(h, pool), NULL);
        }
    }
    return reason;
}

mcpr_handle *mcpr_handle_open(const mcpr_connector *connector, const char **reason, apr_pool_t *pool)
{
    apr_pool_t *own;
    if (apr_pool_create_unmanaged_ex(&own, NULL, NULL) != APR_SUCCESS) {
        *reason = "out of memory";
        return NULL;
    }
    mcpr_handle *h = apr_pcalloc(own, sizeof(*h));
    h->pool = own;
    h->driver = connector->driver;
    h->born = apr_time_now();
    *reason = set_up(h, connector, pool);
    if (*reason) {
        mcpr_handle_close(h);
        return NULL;
    }
    return h;
}
