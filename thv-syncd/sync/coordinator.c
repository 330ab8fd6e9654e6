/*
 * The loop. One turn: read signals, the configuration if it moved, the database if it was lost; reconcile if
 * that is due; look at the sources that are due; then wait for the first of all that could come next.
 *
 * Three things can be wrong for a while without ending the daemon, each retried with its own backoff: the
 * database, the reconciliation, a source. The first two are reported to the service manager, the third is in
 * its own row.
 *
 * Sources are handed to dispatch() one by one; whoever wants several at a time changes that function alone:
 * what keeps workers apart is each source's lock, not the order here.
 */
#include "thv-syncd/sync/coordinator.h"
#include "common/util/build_info.h"
#include "thv-syncd/log.h"
#include "thv-syncd/notify.h"
#include "thv-syncd/settings.h"
#include "thv-syncd/signals.h"
#include "thv-syncd/sources/source.h"
#include "thv-syncd/store/schema.h"
#include "thv-syncd/sync/backoff.h"
#include "thv-syncd/sync/reconcile.h"
#include "thv-syncd/sync/worker.h"
#include <apr_strings.h>
#include <poll.h>
#include <string.h>

#define RETRY_FIRST apr_time_from_sec(1)
#define RETRY_MOST  apr_time_from_sec(60)
/* How often the configuration file is looked at: a change is in force within 3 s. */
#define FILE_LOOK apr_time_from_msec(1500)

/* The columns of sources_due. */
enum { DUE_ID, DUE_NAME, DUE_TYPE, DUE_IS_API };

/* Something that is tried until it works. */
typedef struct retry {
    int pending;
    int failures;
    apr_time_t at;
} retry;

typedef struct coordinator {
    apr_pool_t *pool;
    apr_pool_t *turn; /* cleared every turn */
    mcpr_signals signals;
    mcpr_settings settings;
    const char *state_dir;
    apr_pool_t *store_pool; /* of the two below; replaced when the database block changes */
    const char *conninfo;
    mcpr_db *db; /* ours: reconciliation, the list of what is due, notifications */
    mcpr_worker *worker;
    mcpr_pulse pulse;
    retry database, reconciliation;
    apr_time_t next_poll, next_file_look;
    int ready; /* READY was said */
    int failed_start;
    int swept; /* the state directory holds what is of use */
} coordinator;

static apr_status_t beat(void *baton)
{
    coordinator *c = baton;

    mcpr_notify_alive();
    mcpr_signals_read(&c->signals);
    return c->signals.stop ? MCPR_ESTOPPED : APR_SUCCESS;
}

static void again_later(retry *what)
{
    what->pending = 1;
    what->failures++;
    what->at = apr_time_now() + mcpr_backoff(RETRY_FIRST, RETRY_MOST, what->failures, mcpr_chance());
}

static void done(retry *what)
{
    *what = (retry){0};
}

static void at_once(retry *what)
{
    *what = (retry){.pending = 1};
}

static int is_time(const retry *what)
{
    return what->pending && apr_time_now() >= what->at;
}

/* --- the store */

static void open_store(coordinator *c)
{
    const char *conninfo = mcpr_schema_conninfo(&c->settings.config->database, 0, c->turn);

    if (c->store_pool && strcmp(c->conninfo, conninfo) == 0) {
        return;
    }
    if (c->store_pool) {
        apr_pool_destroy(c->store_pool);
    }
    apr_pool_create(&c->store_pool, c->pool);
    c->conninfo = apr_pstrdup(c->store_pool, conninfo);
    c->db = NULL;
    c->worker = mcpr_worker_create(conninfo, &c->pulse, c->store_pool);
    at_once(&c->database);
}

/* Connected, the schema is ours, notifications come in. */
static apr_status_t connect_database(coordinator *c, mcpr_problems *problems)
{
    apr_status_t status =
        c->db ? mcpr_db_reopen(c->db) : mcpr_db_open(&c->db, c->conninfo, &c->pulse, c->store_pool);

    if (status != APR_SUCCESS) {
        mcpr_problems_add(problems, "", "%s", mcpr_db_error(c->db));
        return status;
    }
    status = mcpr_schema_ready(c->db, &c->settings.config->database, problems, c->turn);
    if (status == APR_SUCCESS) {
        status = mcpr_db_script(c->db, mcpr_sql_daemon[MCPR_SQL_LISTEN].text);
    }
    return status;
}

static void tend_database(coordinator *c)
{
    mcpr_problems *problems = mcpr_problems_create(c->turn, 5);
    apr_status_t status;
    const char *text;

    if (!is_time(&c->database)) {
        return;
    }
    if (!c->ready) {
        mcpr_notify_extend(90);
    }
    status = connect_database(c, problems);
    if (status == APR_SUCCESS) {
        done(&c->database);
        c->next_poll = 0;
        mcpr_log(MCPR_LOG_INFO, "Connected to the database", NULL);
        return;
    }
    if (c->db) {
        mcpr_db_close(c->db);
    }
    text = mcpr_problems_none(problems) ? "stopped" : mcpr_problems_text(problems, "database", c->turn);
    if (!c->ready && status == MCPR_EDB) {
        mcpr_log(MCPR_LOG_ERROR, "The database cannot be used", "s:s", "error", text);
        c->failed_start = 1;
        return;
    }
    again_later(&c->database);
    mcpr_log(MCPR_LOG_ERROR, "The database is away", "s:s, s:i, s:I", "error", text, "tries",
             c->database.failures, "next_try_ms",
             (json_int_t)apr_time_as_msec(c->database.at - apr_time_now()));
    mcpr_notify_status("waiting for the database: %s", text);
}

static void database_lost(coordinator *c)
{
    if (!c->database.pending && !mcpr_db_alive(c->db)) {
        mcpr_log(MCPR_LOG_WARN, "Lost the database", "s:s", "error", mcpr_db_error(c->db));
        at_once(&c->database);
    }
}

/* --- the configuration */

static void tend_settings(coordinator *c)
{
    int asked = c->signals.reload;
    apr_pool_t *old;

    if (!asked && apr_time_now() < c->next_file_look) {
        return;
    }
    c->next_file_look = apr_time_now() + FILE_LOOK;
    if (!asked && !mcpr_settings_moved(&c->settings)) {
        return;
    }
    c->signals.reload = 0;
    mcpr_notify_reloading();
    if (mcpr_settings_reload(&c->settings, &old) == APR_SUCCESS) {
        open_store(c);
        at_once(&c->reconciliation);
        apr_pool_destroy(old);
    }
    if (c->ready) {
        mcpr_notify_ready();
    }
}

static void log_left_undone(const mcpr_problems *problems)
{
    for (int i = 0; i < problems->list->nelts; i++) {
        mcpr_log(MCPR_LOG_WARN, "Reconciliation left something undone", "s:s", "problem",
                 APR_ARRAY_IDX(problems->list, i, mcpr_problem).message);
    }
}

static void tend_reconciliation(coordinator *c)
{
    mcpr_problems *problems = mcpr_problems_create(c->turn, 20);
    const char *text;

    if (!is_time(&c->reconciliation)) {
        return;
    }
    if (mcpr_reconcile(c->db, c->settings.config, problems, c->turn) == APR_SUCCESS) {
        done(&c->reconciliation);
        c->next_poll = 0;
        log_left_undone(problems);
        mcpr_log(MCPR_LOG_INFO, "Sources and registries are those of the configuration", "s:i, s:i",
                 "sources", c->settings.config->sources->nelts, "registries",
                 c->settings.config->registries->nelts);
        return;
    }
    again_later(&c->reconciliation);
    text = mcpr_problems_text(problems, "reconciliation failed", c->turn);
    mcpr_log(MCPR_LOG_ERROR, "Reconciliation failed, what was there is synced meanwhile", "s:s, s:i", "error",
             text, "tries", c->reconciliation.failures);
    mcpr_notify_status("%s", text);
}

/* --- the sources */

/* Once, when all sources are in the store: what others left in the state directory goes. */
static void sweep_leftovers(coordinator *c)
{
    apr_array_header_t *names = apr_array_make(c->turn, 16, sizeof(const char *));
    mcpr_rows *rows = NULL;

    if (c->swept || c->reconciliation.pending ||
        mcpr_db_run(c->db, MCPR_SQL_SOURCES_DUE, &rows, c->turn, MCPR_ARGS("t")) != APR_SUCCESS) {
        return;
    }
    for (int i = 0; i < mcpr_rows_count(rows); i++) {
        APR_ARRAY_PUSH(names, const char *) = mcpr_rows_text(rows, i, DUE_NAME);
    }
    c->swept = 1;
    if (mcpr_source_sweep(c->state_dir, names, c->turn) != APR_SUCCESS) {
        mcpr_log(MCPR_LOG_WARN, "Not all old caches could be removed", "s:s*", "state_dir", c->state_dir);
    }
}

/* The seam of a worker pool. */
static void dispatch(coordinator *c, const mcpr_task *task, apr_pool_t *pool)
{
    (void)mcpr_worker_run(c->worker, task, pool);
}

/* The configured source of a row, NULL when the row is not of this configuration. */
static const mcpr_config_source *configured(const coordinator *c, const mcpr_rows *rows, int row)
{
    const apr_array_header_t *sources = c->settings.config->sources;

    for (int i = 0; i < sources->nelts && !mcpr_rows_true(rows, row, DUE_IS_API); i++) {
        const mcpr_config_source *source = &APR_ARRAY_IDX(sources, i, mcpr_config_source);

        if (strcmp(source->name, mcpr_rows_text(rows, row, DUE_NAME)) == 0) {
            return strcmp(mcpr_source_type_name(source->type), mcpr_rows_text(rows, row, DUE_TYPE)) == 0
                       ? source
                       : NULL;
        }
    }
    return NULL;
}

static void look_at(coordinator *c, const mcpr_rows *rows, int row, int all)
{
    const mcpr_config_source *source = configured(c, rows, row);
    mcpr_task task = {.config = c->settings.config,
                      .source = source,
                      .source_id = mcpr_rows_int(rows, row, DUE_ID),
                      .forced = all,
                      .state_dir = c->state_dir};
    apr_pool_t *pool;

    if (!source) {
        mcpr_log(MCPR_LOG_DEBUG, "Not a source of this configuration", "s:s", "source",
                 mcpr_rows_text(rows, row, DUE_NAME));
        return;
    }
    apr_pool_create(&pool, c->turn);
    dispatch(c, &task, pool);
    apr_pool_destroy(pool);
}

static void tend_sources(coordinator *c)
{
    apr_interval_time_t every = c->settings.config->sync.poll_interval;
    int all = c->signals.look;
    mcpr_rows *rows = NULL;

    if (!all && apr_time_now() < c->next_poll) {
        return;
    }
    c->signals.look = 0;
    if (mcpr_db_run(c->db, MCPR_SQL_SOURCES_DUE, &rows, c->turn, MCPR_ARGS(all ? "t" : "f")) != APR_SUCCESS) {
        mcpr_log(MCPR_LOG_ERROR, "Reading what is due failed", "s:s", "error", mcpr_db_error(c->db));
        c->signals.look |= all;
        c->next_poll = apr_time_now() + every;
        return;
    }
    for (int i = 0; i < mcpr_rows_count(rows) && beat(c) == APR_SUCCESS && !c->signals.reload; i++) {
        look_at(c, rows, i, all);
    }
    /* Spread by a tenth, so that several daemons don't march in step. */
    c->next_poll = apr_time_now() + (apr_interval_time_t)((double)every * (0.9 + 0.2 * mcpr_chance()));
    if (!c->reconciliation.pending) {
        mcpr_notify_status("sources: %d", c->settings.config->sources->nelts);
    }
}

static void hear_requests(coordinator *c)
{
    int heard = 0;

    if (mcpr_db_notifications(c->db, &heard) == APR_SUCCESS && heard) {
        c->next_poll = 0;
    }
}

/* --- the loop */

static void earlier(apr_time_t *first, apr_time_t other)
{
    if (other < *first) {
        *first = other;
    }
}

static void wait_for_something(coordinator *c)
{
    struct pollfd fds[2] = {
        {.fd = c->signals.fd,                      .events = POLLIN},
        {.fd = c->db ? mcpr_db_socket(c->db) : -1, .events = POLLIN}
    };
    apr_time_t now = apr_time_now(), until = c->next_file_look;
    apr_interval_time_t wait;

    if (c->database.pending) {
        earlier(&until, c->database.at);
    } else {
        earlier(&until, c->next_poll);
        if (c->reconciliation.pending) {
            earlier(&until, c->reconciliation.at);
        }
    }
    wait = until > now ? until - now : 0;
    (void)poll(fds, 2, (int)apr_time_as_msec(wait + 999));
}

static void turn(coordinator *c)
{
    apr_pool_clear(c->turn);
    tend_settings(c);
    tend_database(c);
    if (!c->database.pending && !c->failed_start) {
        tend_reconciliation(c);
        if (!c->ready) {
            c->ready = 1;
            mcpr_notify_ready();
        }
        sweep_leftovers(c);
        hear_requests(c);
        tend_sources(c);
        database_lost(c);
    }
}

int mcpr_coordinator_run(const char *config_path, const char *state_dir, apr_pool_t *pool)
{
    coordinator c = {.pool = pool, .state_dir = state_dir};

    c.pulse = (mcpr_pulse){beat, &c};
    apr_pool_create(&c.turn, pool);
    mcpr_log(MCPR_LOG_INFO, "thv-syncd starts", "s:s, s:s", "version", mcpr_version, "config", config_path);
    if (mcpr_settings_open(&c.settings, config_path, pool) != APR_SUCCESS) {
        return 1;
    }
    if (mcpr_signals_open(&c.signals) != APR_SUCCESS) {
        mcpr_log(MCPR_LOG_ERROR, "Signals cannot be read", NULL);
        return 1;
    }
    open_store(&c);
    at_once(&c.reconciliation);
    c.next_file_look = apr_time_now() + FILE_LOOK;
    while (beat(&c) == APR_SUCCESS && !c.failed_start) {
        turn(&c);
        if (beat(&c) == APR_SUCCESS && !c.failed_start) {
            wait_for_something(&c);
        }
    }
    mcpr_notify_stopping();
    apr_pool_destroy(c.store_pool);
    mcpr_log(MCPR_LOG_INFO, "thv-syncd ends", NULL);
    return c.failed_start ? 1 : 0;
}
