/*
 * The steps of a sync, and its tries.
 */
#include "thv-syncd/log.h"
#include "thv-syncd/sync/backoff.h"
#include "thv-syncd/sync/compare.h"
#include "thv-syncd/sync/worker_int.h"
#include "thv-syncd/sync/writer.h"
#include <apr_allocator.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define TRIES       5
#define FIRST_WAIT  apr_time_from_msec(200)
#define MOST_WAIT   apr_time_from_sec(5)
#define GRACE       apr_time_from_sec(7) /* of an open write after a stop; with the last words under 10 s */
#define LAST_WORDS  apr_time_from_sec(2)
#define SLEEP_SLICE apr_time_from_msec(100)

/* The columns of source_state. */
enum {
    STATE_NOW,
    STATE_PHASE,
    STATE_MESSAGE,
    STATE_STARTED,
    STATE_FAILURES,
    STATE_DATA_HASH,
    STATE_SETTINGS_HASH,
    STATE_REQUESTED,
    STATE_UPDATED,
    STATE_TOMBSTONES_DUE,
    STATE_DUE
};

/* --- the pulse */

static apr_status_t worker_beat(void *baton)
{
    mcpr_worker *worker = baton;
    apr_time_t now = apr_time_now();
    apr_status_t status = mcpr_pulse_beat(worker->outer);

    if (worker->closing) {
        return now < worker->closing ? APR_SUCCESS : MCPR_ESTOPPED;
    }
    if (status == MCPR_ESTOPPED) {
        worker->stop_seen = worker->stop_seen ? worker->stop_seen : now;
        return worker->writing && now < worker->stop_seen + GRACE ? APR_SUCCESS : MCPR_ESTOPPED;
    }
    if (status == APR_SUCCESS && worker->deadline && now > worker->deadline) {
        return APR_TIMEUP;
    }
    return status;
}

static apr_status_t sleep_a_while(mcpr_worker *worker, apr_interval_time_t wait)
{
    apr_time_t until = apr_time_now() + wait;
    apr_status_t status = APR_SUCCESS;

    while (status == APR_SUCCESS && apr_time_now() < until) {
        apr_sleep(SLEEP_SLICE);
        status = mcpr_pulse_beat(&worker->pulse);
    }
    return status;
}

mcpr_worker *mcpr_worker_create(const char *conninfo, const mcpr_pulse *outer, apr_pool_t *pool)
{
    mcpr_worker *worker = apr_pcalloc(pool, sizeof *worker);

    apr_pool_create(&worker->pool, pool);
    worker->conninfo = apr_pstrdup(pool, conninfo);
    worker->outer = outer;
    worker->pulse = (mcpr_pulse){worker_beat, worker};
    return worker;
}

void mcpr_worker_rest(mcpr_worker *worker)
{
    if (worker->db) {
        mcpr_db_close(worker->db);
    }
}

static apr_status_t connected(mcpr_worker *worker)
{
    if (!worker->db) {
        return mcpr_db_open(&worker->db, worker->conninfo, &worker->pulse, worker->pool);
    }
    return mcpr_db_alive(worker->db) ? APR_SUCCESS : mcpr_db_reopen(worker->db);
}

/* --- the steps */

static apr_status_t skip(mcpr_attempt *a, const char *why)
{
    a->result->outcome = MCPR_OUTCOME_SKIPPED;
    a->result->message = why;
    return APR_SUCCESS;
}

/* Session locks count: a second try on the same connection must not take it twice. */
static apr_status_t lock(mcpr_attempt *a)
{
    mcpr_rows *rows = NULL;
    apr_status_t status;

    if (a->locked) {
        return APR_SUCCESS;
    }
    mcpr_result_doing(a->result, "locking the source");
    status = mcpr_db_run(a->worker->db, MCPR_SQL_SOURCE_LOCK, &rows, a->try_pool, MCPR_ARGS(a->source_id));
    a->locked = status == APR_SUCCESS && mcpr_rows_true(rows, 0, 0);
    return status;
}

static void unlock(mcpr_attempt *a)
{
    mcpr_db *db = a->worker->db;

    if (a->locked && mcpr_db_alive(db) &&
        mcpr_db_run(db, MCPR_SQL_SOURCE_UNLOCK, NULL, a->try_pool, MCPR_ARGS(a->source_id)) != APR_SUCCESS) {
        mcpr_db_close(db); /* that gives it back for certain */
    }
}

static const char *copied(const mcpr_attempt *a, const mcpr_rows *rows, int column)
{
    const char *text = mcpr_rows_text(rows, 0, column);

    return text ? apr_pstrdup(a->pool, text) : NULL;
}

/* The same for a column that is never NULL. */
static const char *copied_text(const mcpr_attempt *a, const mcpr_rows *rows, int column)
{
    const char *text = copied(a, rows, column);

    return text ? text : "";
}

static apr_status_t read_state(mcpr_attempt *a)
{
    mcpr_rows *rows = NULL;
    apr_status_t status = mcpr_db_run(
        a->worker->db, MCPR_SQL_SOURCE_STATE, &rows, a->try_pool,
        MCPR_ARGS(a->source_id, mcpr_db_number(a->task->config->sync.tombstone_age, a->try_pool)));

    if (status != APR_SUCCESS) {
        return status;
    }
    if (mcpr_rows_count(rows) == 0) {
        return MCPR_ESTALE;
    }
    a->state = (mcpr_source_state){
        .now = copied_text(a, rows, STATE_NOW),
        .phase = copied_text(a, rows, STATE_PHASE),
        .message = copied_text(a, rows, STATE_MESSAGE),
        .started_at = copied(a, rows, STATE_STARTED),
        .data_hash = copied(a, rows, STATE_DATA_HASH),
        .settings_hash = copied(a, rows, STATE_SETTINGS_HASH),
        .requested_at = copied(a, rows, STATE_REQUESTED),
        .updated_at = copied_text(a, rows, STATE_UPDATED),
        .failures = mcpr_rows_int(rows, 0, STATE_FAILURES),
        .tombstones_due = mcpr_rows_true(rows, 0, STATE_TOMBSTONES_DUE),
        .due = mcpr_rows_true(rows, 0, STATE_DUE),
    };
    return APR_SUCCESS;
}

/* What the state means for this attempt: why it runs, and whether somebody died over it. */
static apr_status_t judge_state(mcpr_attempt *a)
{
    int first = !a->known;

    a->known = 1;
    a->result->failures = a->state.failures + 1;
    if (!first) {
        return APR_SUCCESS;
    }
    a->phase_before = a->state.phase;
    a->message_before = a->state.message;
    a->started_before = a->state.started_at;
    a->result->trigger = a->state.requested_at ? "request" : "interval";
    if (strcmp(a->state.phase, "syncing") != 0) {
        return APR_SUCCESS;
    }
    a->phase_before = "failed";
    a->result->trigger = a->state.requested_at ? "request" : "recovery";
    mcpr_log(MCPR_LOG_WARN, "The last worker on a source died", "s:s", "source", a->result->source);
    return mcpr_db_run(a->worker->db, MCPR_SQL_RUN_ORPHANS, NULL, a->try_pool, MCPR_ARGS(a->source_id));
}

/* The hash of a document of which nothing would be read, so that no bytes of it are needed; NULL: any is
 * read. */
static const char *known_hash(mcpr_attempt *a)
{
    const char *hash = a->state.data_hash, *trigger = "";

    return hash && !mcpr_decide(&a->state, hash, a->result->settings_hash, &trigger) ? hash : NULL;
}

static apr_status_t fetch(mcpr_attempt *a)
{
    const mcpr_config_limits *limits = &a->task->config->limits;
    mcpr_source_limits bounds = {
        .document_bytes = limits->document_bytes,
        .entries = limits->entries,
        .pages = limits->pages,
        .state_dir = a->task->state_dir,
    };
    const char *error = "unknown";
    mcpr_source *source;
    apr_status_t status;

    a->result->settings_hash = mcpr_settings_hash(a->task->source, a->pool);
    bounds.known_hash = known_hash(a);
    if (a->fetched && (a->document.data || bounds.known_hash)) {
        return APR_SUCCESS;
    }
    mcpr_result_doing(a->result, "fetching");
    status = mcpr_source_open(&source, a->task->source, &bounds, &a->worker->pulse, &error, a->pool);
    if (status != APR_SUCCESS) {
        mcpr_result_fail(a->result, status == APR_EINVAL ? "ValidationFailed" : "HandlerCreationFailed",
                         status == APR_EINVAL ? "Registry validation failed: %s"
                                              : "Failed to create registry handler: %s",
                         error);
        return status;
    }
    status = mcpr_source_fetch(source, &a->document, &error, a->pool);
    if (status == MCPR_ESTOPPED || status == APR_TIMEUP) {
        return status;
    }
    if (status != APR_SUCCESS) {
        mcpr_result_fail(a->result, "FetchFailed", "Fetch failed: %s", error);
        return status;
    }
    a->fetched = 1;
    a->result->bytes = (apr_int64_t)a->document.len;
    a->result->data_hash = a->document.hash;
    return APR_SUCCESS;
}

static apr_status_t write_changes(mcpr_attempt *a, mcpr_diff *diff)
{
    int any = mcpr_diff_any(diff);
    mcpr_write write = {
        .db = a->worker->db,
        .source_id = a->task->source_id,
        .state = &a->state,
        .diff = diff,
        .result = a->result,
        .statement_limit = a->task->config->sync.deadline,
        .writing = &a->worker->writing,
        .pool = a->try_pool,
    };
    apr_status_t status = mcpr_record_claim(a, any);

    if (status != APR_SUCCESS) {
        return status;
    }
    mcpr_result_doing(a->result, "writing");
    write.run_id = a->run_id;
    status = mcpr_write_apply(&write);
    if (status == APR_SUCCESS) {
        a->result->outcome = any ? MCPR_OUTCOME_CHANGED : MCPR_OUTCOME_UNCHANGED;
        a->result->added = diff->added;
        a->result->changed = diff->changed;
        a->result->removed = diff->removed;
        a->result->expired = diff->expired;
        memcpy(a->result->counts, diff->counts, sizeof diff->counts);
    }
    return status;
}

/* The steps after the lock. */
static apr_status_t locked_steps(mcpr_attempt *a)
{
    mcpr_comparison comparison = {a->worker->db, a->task->config,   a->task->source, a->source_id,
                                  &a->document,  &a->worker->pulse, a->result};
    apr_status_t status = read_state(a);
    const char *trigger = "interval";
    mcpr_diff *diff;

    if (status == APR_SUCCESS && !a->known && !a->state.due && !a->task->forced) {
        return skip(a, "another worker was faster");
    }
    status = status == APR_SUCCESS ? judge_state(a) : status;
    status = status == APR_SUCCESS ? fetch(a) : status;
    if (status != APR_SUCCESS) {
        return status;
    }
    a->result->reason = mcpr_decide(&a->state, a->result->data_hash, a->result->settings_hash, &trigger);
    a->result->trigger = strcmp(a->result->trigger, "interval") == 0 ? trigger : a->result->trigger;
    if (!a->result->reason) {
        a->result->outcome = MCPR_OUTCOME_UNCHANGED;
        return mcpr_record_unchanged(a);
    }
    status = mcpr_compare(&comparison, &diff, a->try_pool);
    return status == APR_SUCCESS ? write_changes(a, diff) : status;
}

static apr_status_t try_once(mcpr_attempt *a)
{
    apr_status_t status;

    if (!a->worker->db || !mcpr_db_alive(a->worker->db)) {
        a->locked = 0;
    }
    status = connected(a->worker);
    status = status == APR_SUCCESS ? lock(a) : status;
    if (status == APR_SUCCESS && !a->locked) {
        return skip(a, "another worker has it");
    }
    return status == APR_SUCCESS ? locked_steps(a) : status;
}

/* --- the end of it */

static void record_end(mcpr_attempt *a, apr_status_t (*record)(mcpr_attempt *))
{
    const mcpr_pulse *pulse = &a->worker->pulse;
    apr_status_t status = MCPR_ELOST;

    a->worker->closing = apr_time_now() + LAST_WORDS;
    for (int i = 0; i < 2 && status != APR_SUCCESS; i++) {
        if (connected(a->worker) == APR_SUCCESS) {
            mcpr_db_set_pulse(a->worker->db, pulse);
            status = record(a);
        }
    }
    a->worker->closing = 0;
    if (status != APR_SUCCESS) {
        mcpr_log(MCPR_LOG_WARN,
                 "The end of a sync could not be stored, the next look at the source will mend that",
                 "s:s, s:s", "source", a->result->source, "error", mcpr_db_error(a->worker->db));
    }
}

/* Makes an outcome of a status that no step turned into one. */
static void conclude(mcpr_attempt *a, apr_status_t status)
{
    mcpr_sync_result *result = a->result;

    if (status == APR_SUCCESS) {
        return;
    }
    if (status == MCPR_ESTOPPED) {
        result->outcome = MCPR_OUTCOME_INTERRUPTED;
        result->message = "the daemon was stopped";
        record_end(a, mcpr_record_interrupted);
        return;
    }
    if (status == MCPR_ESTALE) {
        result->outcome = MCPR_OUTCOME_INTERRUPTED;
        result->message = "the source was changed or deleted meanwhile";
        record_end(a, mcpr_record_interrupted);
        result->outcome = MCPR_OUTCOME_SKIPPED;
        return;
    }
    if (status == APR_TIMEUP) {
        mcpr_result_fail(result, a->fetched ? "StorageFailed" : "FetchFailed",
                         "%s failed: not done within %ld s (sync.deadline), while %s",
                         a->fetched ? "Storage" : "Fetch", (long)apr_time_sec(a->task->config->sync.deadline),
                         result->activity);
    } else if (result->outcome != MCPR_OUTCOME_FAILED) {
        mcpr_result_fail(result, "StorageFailed", "Storage failed: %s (while %s)",
                         a->worker->db ? mcpr_db_error(a->worker->db) : "no connection", result->activity);
    }
    if (a->known) {
        record_end(a, mcpr_record_failed);
    }
}

/*
 * A pool with an allocator of its own: what a large document took goes back to the system when it is done,
 * and workers in several threads don't share a free list.
 */
static apr_pool_t *own_memory(apr_pool_t *parent)
{
    apr_allocator_t *allocator;
    apr_pool_t *pool;

    if (apr_allocator_create(&allocator) != APR_SUCCESS) {
        abort();
    }
    apr_allocator_max_free_set(allocator, 1);
    apr_pool_create_ex(&pool, parent, NULL, allocator);
    apr_allocator_owner_set(allocator, pool);
    return pool;
}

mcpr_sync_result *mcpr_worker_run(mcpr_worker *worker, const mcpr_task *task, apr_pool_t *pool)
{
    mcpr_attempt a = {.worker = worker, .task = task, .result = mcpr_result_create(task->source->name, pool)};
    apr_status_t status = MCPR_ELOST;

    a.pool = own_memory(pool);
    apr_pool_create(&a.try_pool, a.pool);
    a.source_id = mcpr_db_number(task->source_id, a.pool);
    worker->stop_seen = worker->closing = 0;
    worker->deadline = task->config->sync.deadline ? apr_time_now() + task->config->sync.deadline : 0;
    for (int i = 1; i <= TRIES; i++) {
        a.result->tries = i;
        status = try_once(&a);
        if ((status != MCPR_ERETRY && status != MCPR_ELOST) || i == TRIES) {
            break;
        }
        mcpr_log(MCPR_LOG_WARN, "A sync is tried again", "s:s, s:s, s:i", "source", a.result->source, "error",
                 mcpr_db_error(worker->db), "try", i);
        apr_pool_clear(a.try_pool);
        status = sleep_a_while(worker, mcpr_backoff(FIRST_WAIT, MOST_WAIT, i, mcpr_chance()));
        if (status != APR_SUCCESS) {
            break;
        }
    }
    conclude(&a, status);
    if (worker->db) {
        worker->closing = apr_time_now() + LAST_WORDS;
        unlock(&a);
        worker->closing = 0;
    }
    mcpr_result_log(a.result);
    a.result->data_hash = a.result->settings_hash = NULL; /* they go with the task's pool */
    apr_pool_destroy(a.pool);
#ifdef __GLIBC__
    malloc_trim(0);
#endif
    return a.result;
}
