/*
 * The loop. One turn: take back what workers have done, read signals, the configuration if it moved, the
 * database if it was lost; reconcile if that is due; hand out the sources that are due; then wait for the
 * first of all that could come next. Nothing in it waits for a source.
 *
 * Three things can be wrong for a while without ending the daemon, each retried with its own backoff: the
 * database, the reconciliation, a source. The first two are reported to the service manager, the third is in
 * its own row.
 *
 * To the service manager the daemon is ready once the configuration is in the store for the first time. Until
 * then it says what is in the way and asks for more time; sources that the store has already are synced, as
 * their rows have them.
 */
#include "thv-syncd/sync/coordinator.h"
#include "common/util/build_info.h"
#include "common/util/clock.h"
#include "thv-syncd/log.h"
#include "thv-syncd/notify.h"
#include "thv-syncd/settings.h"
#include "thv-syncd/signals.h"
#include "thv-syncd/sources/source.h"
#include "thv-syncd/store/schema.h"
#include "thv-syncd/sync/backoff.h"
#include "thv-syncd/sync/reconcile.h"
#include "thv-syncd/sync/rounds.h"
#include <apr_strings.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define RETRY_FIRST apr_time_from_sec(1)
#define RETRY_MOST  apr_time_from_sec(60)
/* How often the configuration file is looked at: a change is in force within 3 s. */
#define FILE_LOOK apr_time_from_msec(1500)

/* Before it is ready, the daemon asks for so many seconds more, so often. */
#define START_MORE  90
#define START_AGAIN apr_time_from_sec(20)

/* All of a stop, from the signal to the end of the process, takes less than ten seconds. */
#define STOP_LIMIT apr_time_from_msec(9300)

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
    mcpr_db *db;         /* ours: reconciliation, the list of what is due, notifications */
    mcpr_rounds *rounds; /* the sources, and the workers */
    mcpr_pulse pulse;
    apr_time_t last_beat; /* a stop was asked for after this */
    retry database, reconciliation;
    apr_time_t next_file_look;
    apr_time_t next_extension;
    int connected; /* the database could be used once */
    int ready;     /* the configuration was in the store once, and READY was said */
    int failed_start;
    int swept; /* the state directory holds what is of use */
} coordinator;

static apr_status_t beat(void *baton)
{
    coordinator *c = baton;

    mcpr_notify_alive();
    if (!c->ready && mcpr_clock() >= c->next_extension) {
        mcpr_notify_extend(START_MORE);
        c->next_extension = mcpr_clock() + START_AGAIN;
    }
    mcpr_signals_read(&c->signals);
    if (c->signals.stop) {
        return MCPR_ESTOPPED;
    }
    c->last_beat = mcpr_clock();
    return APR_SUCCESS;
}

static void again_later(retry *what)
{
    what->pending = 1;
    what->failures++;
    what->at = mcpr_clock() + mcpr_backoff(RETRY_FIRST, RETRY_MOST, what->failures, mcpr_chance());
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
    return what->pending && mcpr_clock() >= what->at;
}

/* --- the store */

static void open_store(coordinator *c)
{
    const char *conninfo =
        mcpr_schema_conninfo(&c->settings.snapshot->config->database, MCPR_USE_WRITE, c->turn);

    if (c->store_pool && strcmp(c->conninfo, conninfo) == 0) {
        return;
    }
    if (c->store_pool) {
        mcpr_rounds_drop(c->rounds);
        apr_pool_destroy(c->store_pool);
    }
    apr_pool_create(&c->store_pool, c->pool);
    c->conninfo = apr_pstrdup(c->store_pool, conninfo);
    c->db = NULL;
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
    status = mcpr_schema_ready(c->db, &c->settings.snapshot->config->database, problems, c->turn);
    if (status == APR_SUCCESS) {
        status = mcpr_db_script(c->db, mcpr_sql_daemon[MCPR_SQL_LISTEN].text);
    }
    if (status == APR_SUCCESS) {
        status = mcpr_db_run(c->db, MCPR_SQL_DAEMON_HERE, NULL, c->turn, MCPR_NO_ARGS);
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
    status = connect_database(c, problems);
    if (status == APR_SUCCESS) {
        c->connected = 1;
        done(&c->database);
        mcpr_rounds_soon(c->rounds);
        mcpr_log(MCPR_LOG_INFO, "Connected to the database", NULL);
        return;
    }
    mcpr_db_close(c->db);
    if (status == MCPR_ESTOPPED) {
        return;
    }
    text = mcpr_problems_none(problems) ? "stopped" : mcpr_problems_text(problems, "database", c->turn);
    if (!c->connected && status == MCPR_EDB) {
        mcpr_log(MCPR_LOG_ERROR, "The database cannot be used", "s:s", "error", text);
        c->failed_start = 1;
        return;
    }
    again_later(&c->database);
    mcpr_log(MCPR_LOG_ERROR, "The database is away", "s:s, s:i, s:I", "error", text, "tries",
             c->database.failures, "next_try_ms",
             (json_int_t)apr_time_as_msec(c->database.at - mcpr_clock()));
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

    if (!asked && mcpr_clock() < c->next_file_look) {
        return;
    }
    c->next_file_look = mcpr_clock() + FILE_LOOK;
    if (!asked && !mcpr_settings_moved(&c->settings)) {
        return;
    }
    c->signals.reload = 0;
    if (c->ready) {
        mcpr_notify_reloading();
    }
    if (mcpr_settings_reload(&c->settings) == APR_SUCCESS) {
        open_store(c);
        at_once(&c->reconciliation);
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
    if (mcpr_reconcile(c->db, c->settings.snapshot->config, problems, c->turn) == APR_SUCCESS) {
        done(&c->reconciliation);
        mcpr_rounds_soon(c->rounds);
        log_left_undone(problems);
        mcpr_log(MCPR_LOG_INFO, "Sources and registries are those of the configuration", "s:i, s:i",
                 "sources", c->settings.snapshot->config->sources->nelts, "registries",
                 c->settings.snapshot->config->registries->nelts);
        if (!c->ready) {
            c->ready = 1;
            mcpr_notify_ready();
        }
        return;
    }
    again_later(&c->reconciliation);
    text = mcpr_problems_text(problems, "reconciliation failed", c->turn);
    mcpr_log(MCPR_LOG_ERROR, "Reconciliation failed, what was there is synced meanwhile", "s:s, s:i", "error",
             text, "tries", c->reconciliation.failures);
    mcpr_notify_status("%s", text);
}

/* --- the sources */

/* Once, when all sources are in the store and none is synced: what others left in the state directory goes.
 */
static void sweep_leftovers(coordinator *c)
{
    apr_array_header_t *names = apr_array_make(c->turn, 16, sizeof(const char *));
    mcpr_rows *rows = NULL;

    if (c->swept || c->reconciliation.pending || mcpr_rounds_busy(c->rounds) ||
        mcpr_db_run(c->db, MCPR_SQL_SYNC_KNOWN, &rows, c->turn, MCPR_NO_ARGS) != APR_SUCCESS) {
        return;
    }
    for (int i = 0; i < mcpr_rows_count(rows); i++) {
        APR_ARRAY_PUSH(names, const char *) = mcpr_rows_text(rows, i, 0);
    }
    c->swept = 1;
    if (mcpr_source_sweep(c->state_dir, names, c->turn) != APR_SUCCESS) {
        mcpr_log(MCPR_LOG_WARN, "Not all old caches could be removed", "s:s*", "state_dir", c->state_dir);
    }
}

static void tend_sources(coordinator *c)
{
    if (c->signals.look) {
        c->signals.look = 0;
        mcpr_rounds_all(c->rounds);
    }
    if (mcpr_rounds_poll(c->rounds, c->db, c->turn) != APR_SUCCESS) {
        mcpr_log(MCPR_LOG_ERROR, "Reading what is due failed", "s:s", "error", mcpr_db_error(c->db));
        return;
    }
    mcpr_rounds_hand_out(c->rounds, c->conninfo, !c->reconciliation.pending);
    if (!c->reconciliation.pending) {
        mcpr_notify_status("sources: %d, syncing now: %d", c->settings.snapshot->config->sources->nelts,
                           mcpr_rounds_busy(c->rounds));
    }
}

static void hear_requests(coordinator *c)
{
    int heard = 0;

    if (mcpr_db_notifications(c->db, &heard) == APR_SUCCESS && heard) {
        mcpr_rounds_soon(c->rounds);
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
    struct pollfd fds[] = {
        {.fd = c->signals.fd,                      .events = POLLIN},
        {.fd = mcpr_rounds_fd(c->rounds),          .events = POLLIN},
        {.fd = c->db ? mcpr_db_socket(c->db) : -1, .events = POLLIN}
    };
    apr_time_t now = mcpr_clock(), until = c->next_file_look;
    apr_interval_time_t wait;

    if (c->database.pending) {
        earlier(&until, c->database.at);
    } else {
        earlier(&until, mcpr_rounds_next(c->rounds));
        if (c->reconciliation.pending) {
            earlier(&until, c->reconciliation.at);
        }
    }
    wait = until > now ? until - now : 0;
    (void)poll(fds, sizeof fds / sizeof *fds, (int)apr_time_as_msec(wait + 999));
}

static void turn(coordinator *c)
{
    apr_pool_clear(c->turn);
    mcpr_rounds_collect(c->rounds);
    tend_settings(c);
    tend_database(c);
    if (!c->database.pending && !c->failed_start) {
        tend_reconciliation(c);
        sweep_leftovers(c);
        hear_requests(c);
        tend_sources(c);
        database_lost(c);
    }
}

/*
 * Workers give back what they have; the store is then as it was before, or has all of it. What is stuck
 * beyond the limit is left to the next daemon: PostgreSQL gives the lock back when we are gone.
 */
static void stop_workers(coordinator *c)
{
    apr_time_t until = c->last_beat + STOP_LIMIT;
    struct pollfd fds[] = {
        {.fd = c->signals.fd,             .events = POLLIN},
        {.fd = mcpr_rounds_fd(c->rounds), .events = POLLIN}
    };

    while (!mcpr_rounds_stop(c->rounds)) {
        if (mcpr_clock() >= until) {
            mcpr_log(MCPR_LOG_WARN, "A sync did not stop in time, the next daemon takes its source over",
                     "s:i", "syncs", mcpr_rounds_busy(c->rounds));
            _exit(1); /* its thread may be anywhere: nothing that it uses can be taken away */
        }
        (void)poll(fds, sizeof fds / sizeof *fds, 100);
        mcpr_notify_alive();
        mcpr_signals_read(&c->signals);
    }
}

static int open_all(coordinator *c, const char *config_path)
{
    if (mcpr_settings_open(&c->settings, config_path, c->pool) != APR_SUCCESS) {
        return 0;
    }
    if (mcpr_signals_open(&c->signals) != APR_SUCCESS) {
        mcpr_log(MCPR_LOG_ERROR, "Signals cannot be read", NULL);
        return 0;
    }
    /* After the signals: threads inherit what is blocked. */
    c->rounds = mcpr_rounds_create(&c->settings, c->state_dir, c->pool);
    if (!c->rounds) {
        mcpr_log(MCPR_LOG_ERROR, "No descriptor for the workers", NULL);
        return 0;
    }
    return 1;
}

int mcpr_coordinator_run(const char *config_path, const char *state_dir, apr_pool_t *pool)
{
    coordinator c = {.pool = pool, .state_dir = state_dir, .last_beat = mcpr_clock()};

    c.pulse = (mcpr_pulse){beat, &c};
    apr_pool_create(&c.turn, pool);
    mcpr_log(MCPR_LOG_INFO, "thv-syncd starts", "s:s, s:s", "version", mcpr_version, "config", config_path);
    if (!open_all(&c, config_path)) {
        return 1;
    }
    open_store(&c);
    at_once(&c.reconciliation);
    c.next_file_look = mcpr_clock() + FILE_LOOK;
    while (beat(&c) == APR_SUCCESS && !c.failed_start) {
        turn(&c);
        if (beat(&c) == APR_SUCCESS && !c.failed_start) {
            wait_for_something(&c);
        }
    }
    mcpr_notify_stopping();
    stop_workers(&c);
    apr_pool_destroy(c.store_pool);
    mcpr_log(MCPR_LOG_INFO, "thv-syncd ends", NULL);
    return c.failed_start ? 1 : 0;
}
