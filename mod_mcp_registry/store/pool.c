/*
 * Pooled connections. There are `max` permits; who holds one may use an idle handle or open a new one,
 * outside any lock. Permits are handed on in the order in which they were asked for: a thread that gives one
 * back and asks again at once goes behind those that wait (an apr_reslist lets it overtake them, and opens
 * connections under its lock).
 */
#include "mod_mcp_registry/store/pool.h"

#include "common/util/clock.h"
#include "common/util/utf8.h"
#include "mod_mcp_registry/store/handle.h"
#include "sql/statement.h"
#include <apr_strings.h>
#include <pthread.h>
#include <string.h>

/* After two failed connects in a row nobody tries again for this long: whoever waits gets the answer at once.
 */
#define CONNECT_PAUSE apr_time_from_msec(250)
/* How often it is said that connections are too few. */
#define CROWD_PAUSE apr_time_from_sec(10)
#define MESSAGE_CAP 512

/* A thread that waits for a permit; lives on its stack. */
typedef struct waiter {
    pthread_cond_t cond;
    int granted;
    struct waiter *next;
} waiter;

/* An idle handle, and how many times all handles had been doubted when it was opened. */
typedef struct pooled {
    mcpr_handle *handle;
    unsigned era;
} pooled;

/* All moments are of the monotonic clock. */
struct mcpr_pool {
    mcpr_pool_options options;
    mcpr_connector connector;
    pthread_condattr_t monotonic; /* for waiters: the wall clock may be set meanwhile */
    pthread_mutex_t mutex;        /* guards all below */
    pooled *idle;                 /* a stack: the one used last is warm */
    int n_idle;
    int permits; /* that nobody holds; 0 while anybody waits */
    waiter *first, **last;
    unsigned era;          /* handles of earlier ones are not used again */
    apr_time_t down_until; /* no connect is tried before */
    int complained;        /* the last connect failed and was told */
    apr_time_t crowd_told; /* when it was last said that connections are too few */
    int untold;            /* how many times it would have been said since */
};

/* A reader on his way: what he may use, and how long. */
typedef struct reader {
    mcpr_pool *store;
    apr_pool_t *pool; /* the request's */
    apr_time_t end;
    int hurried; /* his time is short: that an answer is late says nothing about others */
    pooled own;  /* its handle is NULL when he has none */
} reader;

static void complain(const reader *r, const char *what, const char *detail)
{
    const mcpr_pool_options *options = &r->store->options;
    const char *clean = mcpr_utf8_clean(detail, strlen(detail), MESSAGE_CAP, r->pool);
    options->complain(options->baton,
                      apr_psprintf(r->pool, "PostgreSQL at %s: %s%s", options->label, what, clean));
}

static apr_status_t destroy(void *baton)
{
    mcpr_pool *store = baton;
    while (store->n_idle > 0) {
        mcpr_handle_close(store->idle[--store->n_idle].handle);
    }
    pthread_mutex_destroy(&store->mutex);
    pthread_condattr_destroy(&store->monotonic);
    return APR_SUCCESS;
}

static apr_status_t make_locks(mcpr_pool *store)
{
    int rc = pthread_condattr_init(&store->monotonic);
    if (rc == 0) {
        rc = pthread_condattr_setclock(&store->monotonic, CLOCK_MONOTONIC);
    }
    return rc == 0 ? pthread_mutex_init(&store->mutex, NULL) : rc;
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
        rv = mcpr_order_create(&store->connector.stopping, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = make_locks(store);
    }
    if (rv == APR_SUCCESS) {
        apr_pool_cleanup_register(pool, store, destroy, apr_pool_cleanup_null);
        *created = store;
    }
    return rv;
}

void mcpr_pool_stop(const mcpr_pool *store)
{
    mcpr_order_give(&store->connector.stopping);
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
static int wait_in_line(mcpr_pool *store, apr_time_t end)
{
    waiter w = {.granted = 0};
    struct timespec until = {.tv_sec = (time_t)apr_time_sec(end), .tv_nsec = apr_time_usec(end) * 1000};

    if (pthread_cond_init(&w.cond, &store->monotonic) != 0) {
        return 0;
    }
    *store->last = &w;
    store->last = &w.next;
    for (int rc = 0; !w.granted && rc == 0;) {
        rc = pthread_cond_timedwait(&w.cond, &store->mutex, &until);
    }
    if (!w.granted) {
        leave_queue(store, &w);
    }
    pthread_cond_destroy(&w.cond);
    return w.granted;
}

/* Gives a permit back, and the handle with it if there is one. */
static void give_back(reader *r)
{
    mcpr_pool *store = r->store;
    pthread_mutex_lock(&store->mutex);
    if (r->own.handle) {
        store->idle[store->n_idle++] = r->own;
    }
    waiter *w = store->first;
    if (w) {
        leave_queue(store, w);
        w->granted = 1;
        pthread_cond_signal(&w->cond);
    } else {
        store->permits++;
    }
    pthread_mutex_unlock(&store->mutex);
}

/* Says that connections are too few, but not for each who had to go without. */
static void complain_of_crowd(const reader *r)
{
    mcpr_pool *store = r->store;
    apr_time_t now = mcpr_clock();
    int untold = -1;

    pthread_mutex_lock(&store->mutex);
    if (!store->crowd_told || now - store->crowd_told >= CROWD_PAUSE) {
        store->crowd_told = now;
        untold = store->untold;
        store->untold = 0;
    } else {
        store->untold++;
    }
    pthread_mutex_unlock(&store->mutex);
    if (untold >= 0) {
        complain(r, "no free connection within the time limit",
                 untold ? apr_psprintf(r->pool, " (and %d times since this was last said)", untold) : "");
    }
}

/* A permit for the reader, who waits for it until `wait_end`. Zero when there is none. */
static int get_permit(reader *r, apr_time_t wait_end)
{
    mcpr_pool *store = r->store;
    pthread_mutex_lock(&store->mutex);
    int permitted = store->permits > 0 ? store->permits-- : wait_in_line(store, wait_end);
    pthread_mutex_unlock(&store->mutex);
    if (!permitted) {
        complain_of_crowd(r);
    }
    return permitted;
}

/* An idle handle that nobody has reason to doubt, if there is one. The others are closed on the way. */
static void take_idle(reader *r)
{
    mcpr_pool *store = r->store;
    apr_time_t oldest = mcpr_clock() - store->options.lifetime;
    int good;

    do {
        pooled taken = {NULL, 0};
        pthread_mutex_lock(&store->mutex);
        if (store->n_idle > 0) {
            taken = store->idle[--store->n_idle];
        }
        good = taken.era == store->era;
        pthread_mutex_unlock(&store->mutex);
        good = !taken.handle || (good && mcpr_handle_born(taken.handle) > oldest);
        if (good) {
            r->own = taken;
        } else {
            mcpr_handle_close(taken.handle);
        }
    } while (!good);
}

/* A new handle for the reader, who holds a permit; none when PostgreSQL can't be had. */
static void open_handle(reader *r)
{
    mcpr_pool *store = r->store;
    const char *reason;

    pthread_mutex_lock(&store->mutex);
    int down = mcpr_clock() < store->down_until;
    r->own = (pooled){NULL, store->era};
    pthread_mutex_unlock(&store->mutex);
    if (down || mcpr_order_given(&store->connector.stopping)) {
        return;
    }
    r->own.handle = mcpr_handle_open(&store->connector, r->end, &reason, r->pool);

    pthread_mutex_lock(&store->mutex);
    int failed = !r->own.handle, tell = failed && !store->complained;
    store->down_until = failed && !tell ? mcpr_clock() + CONNECT_PAUSE : 0;
    store->complained = failed;
    pthread_mutex_unlock(&store->mutex);
    if (tell) {
        complain(r, "", reason);
    }
}

/* When one connection broke or hangs, all that are as old as the reader's are thought to. */
static void doubt_others(const reader *r)
{
    mcpr_pool *store = r->store;
    pthread_mutex_lock(&store->mutex);
    store->era += r->own.era == store->era;
    pthread_mutex_unlock(&store->mutex);
}

/* What a failure means for the read, the handle and whether to try again. The states that are not named here
 * are bad luck with this handle: its statements may be gone, a plan may not fit any more. Where time ran out
 * a second try would double it. */
static const struct verdict {
    mcpr_answer answer;
    const char *sqlstate; /* "": any */
    mcpr_store_status status;
    int keep_handle, doubt_others, try_again;
} verdicts[] = {
    {MCPR_ANSWER_REFUSED, "57014", MCPR_STORE_FAILED,      1, 0, 0}, /* query_canceled: its time limit */
    {MCPR_ANSWER_REFUSED, "55P03", MCPR_STORE_UNAVAILABLE, 1, 0, 0}, /* lock_not_available: migrations */
    {MCPR_ANSWER_REFUSED, "",      MCPR_STORE_FAILED,      0, 0, 1},
    {MCPR_ANSWER_LOST,    "",      MCPR_STORE_UNAVAILABLE, 0, 1, 1},
    {MCPR_ANSWER_LATE,    "",      MCPR_STORE_UNAVAILABLE, 0, 1, 0},
    {MCPR_ANSWER_STOPPED, "",      MCPR_STORE_UNAVAILABLE, 0, 0, 0},
};

static const struct verdict *judge(const mcpr_failure *failure)
{
    const struct verdict *v = verdicts;
    while (v->answer != failure->answer || (*v->sqlstate && strcmp(v->sqlstate, failure->sqlstate) != 0)) {
        v++;
    }
    return v;
}

/* One attempt over the reader's handle; *try_again says whether a fresh one may do better. */
static mcpr_store_status attempt(reader *r, const mcpr_call *call, mcpr_rows *rows, int *try_again)
{
    mcpr_failure failure;

    *try_again = 0;
    if (mcpr_handle_run(r->own.handle, call, rows, &failure, r->end, r->pool)) {
        return MCPR_STORE_OK;
    }
    const struct verdict *v = judge(&failure);
    complain(r, apr_pstrcat(r->pool, mcpr_sql_module[call->statement].name, ": ", NULL), failure.message);
    if (v->doubt_others && !(r->hurried && v->answer == MCPR_ANSWER_LATE)) {
        doubt_others(r);
    }
    if (!v->keep_handle) {
        mcpr_handle_close(r->own.handle);
        r->own.handle = NULL;
    }
    *try_again = v->try_again;
    return v->status;
}

/* Runs a call over an idle handle or a new one, and where that has bad luck once more over a new one. The
 * reader holds a permit, and has none afterwards. */
static mcpr_store_status run(reader *r, const mcpr_call *call, mcpr_rows *rows)
{
    mcpr_store_status status = MCPR_STORE_UNAVAILABLE;
    int try_again = 1;

    take_idle(r);
    for (int tries = 0; tries < 2 && try_again; tries++) {
        if (!r->own.handle) {
            open_handle(r);
        }
        if (!r->own.handle) {
            status = MCPR_STORE_UNAVAILABLE;
            break;
        }
        status = attempt(r, call, rows, &try_again);
    }
    give_back(r);
    return status;
}

mcpr_store_status mcpr_pool_select(mcpr_pool *store, enum mcpr_sql_module_id id,
                                   const char *const *parameters, int count, mcpr_rows *rows,
                                   apr_pool_t *pool)
{
    reader r = {.store = store, .pool = pool};
    mcpr_call call = {id, parameters, count};

    if (!get_permit(&r, mcpr_clock() + store->options.wait)) {
        return MCPR_STORE_UNAVAILABLE;
    }
    r.end = mcpr_clock() + store->options.patience;
    return run(&r, &call, rows);
}

mcpr_store_status mcpr_pool_check(mcpr_pool *store, apr_interval_time_t limit, apr_pool_t *pool)
{
    static const mcpr_call call = {MCPR_SQL_SCHEMA_VERSION, NULL, 0};
    reader r = {.store = store, .pool = pool, .end = mcpr_clock() + limit, .hurried = 1};
    mcpr_rows rows;

    if (!get_permit(&r, r.end) || run(&r, &call, &rows) != MCPR_STORE_OK) {
        return MCPR_STORE_UNAVAILABLE;
    }
    const char *wrong = mcpr_handle_schema_complaint(&store->connector, &rows, pool);
    if (wrong) {
        doubt_others(&r); /* a fresh handle refuses to serve, and says why */
        complain(&r, "", wrong);
        return MCPR_STORE_UNAVAILABLE;
    }
    return MCPR_STORE_OK;
}
