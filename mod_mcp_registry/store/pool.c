/*
 * Pooled connections. There are `max` permits; who holds one may use an idle handle or open a new one,
 * outside any lock. Permits are handed on in the order in which they were asked for: a thread that gives one
 * back and asks again at once goes behind those that wait (an apr_reslist lets it overtake them, and opens
 * connections under its lock).
 */
#include "mod_mcp_registry/store/pool.h"

#include "common/util/utf8.h"
#include "mod_mcp_registry/store/handle.h"
#include "sql/statement.h"
#include <apr_strings.h>
#include <apr_thread_cond.h>
#include <apr_thread_mutex.h>
#include <string.h>

/* After two failed connects in a row nobody tries again for this long: whoever waits gets the answer at once.
 */
#define CONNECT_PAUSE apr_time_from_msec(250)
#define MESSAGE_CAP   512

/* A thread that waits for a permit; lives in the pool of its request. */
typedef struct waiter {
    apr_thread_cond_t *cond;
    int granted;
    struct waiter *next;
} waiter;

struct mcpr_pool {
    mcpr_pool_options options;
    mcpr_connector connector;
    apr_thread_mutex_t *mutex; /* guards all below */
    mcpr_handle **idle;        /* a stack: the one used last is warm */
    int n_idle;
    int permits; /* that nobody holds; 0 while anybody waits */
    waiter *first, **last;
    apr_time_t not_before; /* handles opened before this moment are not used again */
    apr_time_t down_until; /* no connect is tried before */
    int complained;        /* the last connect failed and was told */
};

static void complain(mcpr_pool *store, const char *what, const char *detail, apr_pool_t *pool)
{
    const char *clean = mcpr_utf8_clean(detail, strlen(detail), MESSAGE_CAP, pool);
    store->options.complain(store->options.baton,
                            apr_psprintf(pool, "PostgreSQL at %s: %s%s", store->options.label, what, clean));
}

static apr_status_t close_all(void *baton)
{
    mcpr_pool *store = baton;
    while (store->n_idle > 0) {
        mcpr_handle_close(store->idle[--store->n_idle]);
    }
    return APR_SUCCESS;
}

apr_status_t mcpr_pool_create(mcpr_pool **created, const mcpr_pool_options *options, apr_pool_t *pool)
{
    mcpr_pool *store = apr_pcalloc(pool, sizeof(*store));
    store->options = *options;
    store->connector.options = &store->options;
    for (const mcpr_sql_migration *m = mcpr_sql_migrations; m->version; m++) {
        store->connector.schema = m->version;
    }
    store->permits = options->max;
    store->idle = apr_palloc(pool, sizeof(*store->idle) * (apr_size_t)options->max);
    store->last = &store->first;
    apr_status_t rv = apr_dbd_get_driver(pool, "pgsql", &store->connector.driver);
    if (rv == APR_SUCCESS) {
        rv = apr_thread_mutex_create(&store->mutex, APR_THREAD_MUTEX_DEFAULT, pool);
    }
    apr_pool_cleanup_register(pool, store, close_all, apr_pool_cleanup_null);
    *created = store;
    return rv;
}

static void leave_queue(mcpr_pool *store, waiter *w)
{
    for (waiter **at = &store->first; *at; at = &(*at)->next) {
        if (*at == w) {
            *at = w->next;
            store->last = w->next ? store->last : at;
            return;
        }
    }
}

/* Waits in line. Non-zero when a permit was handed over in time. Called with the mutex held. */
static int wait_in_line(mcpr_pool *store, apr_time_t end, apr_pool_t *pool)
{
    waiter *w = apr_pcalloc(pool, sizeof(*w));

    if (apr_thread_cond_create(&w->cond, pool) != APR_SUCCESS) {
        return 0;
    }
    *store->last = w;
    store->last = &w->next;
    for (apr_time_t left = end - apr_time_now(); !w->granted && left > 0; left = end - apr_time_now()) {
        (void)apr_thread_cond_timedwait(w->cond, store->mutex, left);
    }
    if (!w->granted) {
        leave_queue(store, w);
    }
    return w->granted;
}

/* An idle handle that nobody has reason to doubt, or NULL. Called with the mutex held. */
static mcpr_handle *take_idle(mcpr_pool *store)
{
    apr_time_t oldest = apr_time_now() - store->options.lifetime;
    oldest = oldest > store->not_before ? oldest : store->not_before;
    while (store->n_idle > 0) {
        mcpr_handle *h = store->idle[--store->n_idle];
        if (mcpr_handle_born(h) > oldest) {
            return h;
        }
        mcpr_handle_close(h);
    }
    return NULL;
}

/* Gives a permit back, and the handle with it (NULL: it is gone). */
static void give_back(mcpr_pool *store, mcpr_handle *h)
{
    apr_thread_mutex_lock(store->mutex);
    if (h) {
        store->idle[store->n_idle++] = h;
    }
    waiter *w = store->first;
    if (w) {
        leave_queue(store, w);
        w->granted = 1;
        apr_thread_cond_signal(w->cond);
    } else {
        store->permits++;
    }
    apr_thread_mutex_unlock(store->mutex);
}

/* A new handle for who holds a permit; NULL when PostgreSQL can't be had. */
static mcpr_handle *open_handle(mcpr_pool *store, apr_pool_t *pool)
{
    const char *reason;
    apr_thread_mutex_lock(store->mutex);
    int down = apr_time_now() < store->down_until;
    apr_thread_mutex_unlock(store->mutex);
    if (down) {
        return NULL;
    }
    mcpr_handle *h = mcpr_handle_open(&store->connector, &reason, pool);

    apr_thread_mutex_lock(store->mutex);
    int tell = !h && !store->complained;
    store->down_until = h || tell ? 0 : apr_time_now() + CONNECT_PAUSE;
    store->complained = !h;
    apr_thread_mutex_unlock(store->mutex);
    if (tell) {
        complain(store, "", reason, pool);
    }
    return h;
}

/* A handle for the caller, who waits for his permit until `end`; NULL when there is none. */
static mcpr_handle *acquire(mcpr_pool *store, apr_time_t end, apr_pool_t *pool)
{
    mcpr_handle *h = NULL;

    apr_thread_mutex_lock(store->mutex);
    int permitted = store->permits > 0 ? store->permits-- : wait_in_line(store, end, pool);
    if (permitted) {
        h = take_idle(store);
    }
    apr_thread_mutex_unlock(store->mutex);
    if (!permitted) {
        complain(store, "", "no free connection within the time limit", pool);
        return NULL;
    }
    if (!h && !(h = open_handle(store, pool))) {
        give_back(store, NULL);
    }
    return h;
}

/* What a failure means for the read, the handle and whether to try again. The states that are not named here
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

/* Looks for the SQLSTATE in the message: apr_dbd has already thrown the result away. */
static const struct verdict *judge(mcpr_handle *h, const char *message)
{
    const struct verdict *v = verdicts;
    if (mcpr_handle_lost(h)) {
        return &connection_lost;
    }
    while (*v->sqlstate && !strstr(message, v->sqlstate)) {
        v++;
    }
    return v;
}

/* When one connection broke, all that were opened before are thought broken. */
static void doubt_all(mcpr_pool *store)
{
    apr_thread_mutex_lock(store->mutex);
    store->not_before = apr_time_now();
    apr_thread_mutex_unlock(store->mutex);
}

/* One attempt; *try_again says whether a fresh handle may do better. */
static mcpr_store_status attempt(mcpr_pool *store, enum mcpr_sql_module_id id, const char **parameters,
                                 mcpr_rows *rows, int *try_again, apr_pool_t *pool)
{
    mcpr_handle *h = acquire(store, apr_time_now() + store->options.wait, pool);
    *try_again = 0;
    if (!h) {
        return MCPR_STORE_UNAVAILABLE;
    }
    if (mcpr_handle_run(h, id, parameters, rows, pool) == 0) {
        give_back(store, h);
        return MCPR_STORE_OK;
    }
    const char *message = mcpr_handle_error(h, pool);
    const struct verdict *v = judge(h, message);
    complain(store, apr_pstrcat(pool, mcpr_sql_module[id].name, ": ", NULL), message, pool);
    if (v == &connection_lost) {
        doubt_all(store);
    }
    if (!v->keep_handle) {
        mcpr_handle_close(h);
        h = NULL;
    }
    give_back(store, h);
    *try_again = v->try_again;
    return v->status;
}

mcpr_store_status mcpr_pool_select(mcpr_pool *store, enum mcpr_sql_module_id id, const char **parameters,
                                   mcpr_rows *rows, apr_pool_t *pool)
{
    int try_again;
    mcpr_store_status status = attempt(store, id, parameters, rows, &try_again, pool);
    return try_again ? attempt(store, id, parameters, rows, &try_again, pool) : status;
}

mcpr_store_status mcpr_pool_check(mcpr_pool *store, apr_interval_time_t limit, apr_pool_t *pool)
{
    apr_time_t end = apr_time_now() + limit;

    /* The first handle may be from before PostgreSQL's restart; a fresh one says what is wrong with the
     * schema. */
    for (int tries = 0; tries < 2 && apr_time_now() < end; tries++) {
        mcpr_handle *h = acquire(store, end, pool);
        if (!h) {
            return MCPR_STORE_UNAVAILABLE;
        }
        if (mcpr_handle_schema(h, end) == store->connector.schema) {
            give_back(store, h);
            return MCPR_STORE_OK;
        }
        if (mcpr_handle_lost(h)) {
            doubt_all(store);
        }
        mcpr_handle_close(h);
        give_back(store, NULL);
    }
    complain(store, "", "no good answer to a check within its time limit", pool);
    return MCPR_STORE_UNAVAILABLE;
}
