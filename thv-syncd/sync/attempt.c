/*
 * The steps of one try of a sync, from the lock to the commit.
 */
#include "common/util/clock.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sync/compare.h"
#include "thv-syncd/sync/worker_int.h"
#include "thv-syncd/sync/writer.h"
#include <apr_strings.h>
#include <string.h>

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
    STATE_DUE,
    STATE_ORPHANS,
    STATE_ENDED
};

apr_status_t mcpr_attempt_connect(mcpr_attempt *a)
{
    mcpr_worker *worker = a->worker;

    if (worker->db && mcpr_db_alive(worker->db)) {
        return APR_SUCCESS;
    }
    a->locked = 0; /* the lock went with the connection */
    return worker->db ? mcpr_db_reopen(worker->db)
                      : mcpr_db_open(&worker->db, worker->conninfo, &worker->pulse, worker->pool);
}

/* Says what comes next: in the log, and by the connection's name to whoever looks at a running sync. */
static apr_status_t step(mcpr_attempt *a, const char *activity)
{
    mcpr_result_doing(a->result, activity);
    return mcpr_db_run(a->worker->db, MCPR_SQL_WORKER_STEP, NULL, a->try_pool, MCPR_ARGS(activity));
}

static apr_status_t skip(mcpr_attempt *a, const char *why)
{
    a->result->outcome = MCPR_OUTCOME_SKIPPED;
    a->result->message = why;
    return APR_SUCCESS;
}

/* Session locks count: a second try on the same connection must not take it twice. */
apr_status_t mcpr_attempt_lock(mcpr_attempt *a)
{
    mcpr_rows *rows = NULL;
    apr_status_t status;

    if (a->locked) {
        return APR_SUCCESS;
    }
    mcpr_result_doing(a->result, "locking the source");
    status = mcpr_db_run(a->worker->db, MCPR_SQL_SOURCE_LOCK, &rows, a->try_pool, MCPR_ARGS(a->source_id));
    a->locked = a->relocked = status == APR_SUCCESS && mcpr_rows_true(rows, 0, 0);
    return status;
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

apr_status_t mcpr_attempt_state(mcpr_attempt *a)
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
        .ended_at = copied(a, rows, STATE_ENDED),
        .data_hash = copied(a, rows, STATE_DATA_HASH),
        .settings_hash = copied(a, rows, STATE_SETTINGS_HASH),
        .requested_at = copied(a, rows, STATE_REQUESTED),
        .updated_at = copied_text(a, rows, STATE_UPDATED),
        .failures = mcpr_rows_int(rows, 0, STATE_FAILURES),
        .tombstones_due = mcpr_rows_true(rows, 0, STATE_TOMBSTONES_DUE),
        .due = mcpr_rows_true(rows, 0, STATE_DUE),
        .orphans = mcpr_rows_true(rows, 0, STATE_ORPHANS),
    };
    return APR_SUCCESS;
}

/* Another worker has finished something meanwhile: all that we know is of the time before. */
static void start_afresh(mcpr_attempt *a)
{
    mcpr_sync_result *result = a->result;

    mcpr_log(MCPR_LOG_INFO, "Another worker had the source meanwhile", "s:s", "source", result->source);
    a->known = a->abandoned = a->fetched = a->claimed = 0;
    a->run_id = 0;
    a->document = (mcpr_document){0};
    result->trigger = "interval";
    result->reason = result->data_hash = result->mark = NULL;
    result->is_partial = 0;
    result->bytes = 0;
}

/* Reads the state; where the lock was lost since the last time, with an eye to what happened without it. */
static apr_status_t read_state(mcpr_attempt *a)
{
    mcpr_source_state before = a->state;
    apr_status_t status = mcpr_attempt_state(a);

    if (status != APR_SUCCESS) {
        return status;
    }
    if (a->known && a->relocked && !mcpr_state_undisturbed(&before, &a->state)) {
        start_afresh(a);
    }
    a->relocked = 0;
    return APR_SUCCESS;
}

/* A later try: what came meanwhile is not ours, but what we have stored is, its COMMIT heard or not. */
static void judge_again(mcpr_attempt *a)
{
    a->state.abandoned = a->abandoned;
    a->claimed |=
        strcmp(a->state.phase, "syncing") == 0 && !mcpr_same_text(a->state.started_at, a->started_before);
    if (strcmp(a->result->trigger, "request") != 0) {
        a->state.requested_at = NULL; /* it came after our start: the next sync serves it */
    }
}

/* What the state means for this attempt: why it runs, and whether somebody died over it. */
static apr_status_t judge_state(mcpr_attempt *a)
{
    apr_status_t status = APR_SUCCESS;

    a->result->failures = a->state.failures + 1;
    if (a->known) {
        judge_again(a);
        return APR_SUCCESS;
    }
    a->phase_before = a->state.phase;
    a->message_before = a->state.message;
    a->started_before = a->state.started_at;
    a->abandoned = a->state.abandoned = strcmp(a->state.phase, "syncing") == 0 || a->state.orphans;
    a->result->trigger = a->state.requested_at ? "request" : "interval";
    if (a->abandoned) {
        a->phase_before = "failed";
        a->result->trigger = a->state.requested_at ? "request" : "recovery";
        mcpr_log(MCPR_LOG_WARN, "The last worker on a source died", "s:s", "source", a->result->source);
        status = mcpr_db_run(a->worker->db, MCPR_SQL_RUN_ORPHANS, NULL, a->try_pool, MCPR_ARGS(a->source_id));
    }
    a->known = status == APR_SUCCESS;
    return status;
}

/* --- the check */

static const char *kept(const mcpr_attempt *a, const char *text)
{
    return text ? apr_pstrdup(a->result->pool, text) : NULL;
}

static const char *known_hash(const mcpr_attempt *a)
{
    return mcpr_known_hash(&a->state, a->result->settings_hash);
}

static const char *since(const mcpr_attempt *a)
{
    return a->task->forced
               ? NULL
               : mcpr_usable_mark(&a->task->seen, &a->state, a->result->settings_hash, mcpr_clock());
}

static apr_status_t open_source(mcpr_attempt *a)
{
    const mcpr_config_limits *limits = &a->task->config->limits;
    mcpr_source_limits bounds = {
        .document_bytes = limits->document_bytes,
        .entries = limits->entries,
        .pages = limits->pages,
        .state_dir = a->task->state_dir,
        .known_hash = known_hash(a),
        .since = since(a),
    };
    const char *error = "unknown";
    apr_status_t status =
        mcpr_source_open(&a->source, a->task->source, &bounds, &a->worker->pulse, &error, a->pool);

    if (status != APR_SUCCESS) {
        mcpr_result_fail(a->result, status == APR_EINVAL ? "ValidationFailed" : "HandlerCreationFailed",
                         status == APR_EINVAL ? "Registry validation failed: %s"
                                              : "Failed to create registry handler: %s",
                         error);
    }
    return status;
}

static int is_end(apr_status_t status)
{
    return status == MCPR_ESTOPPED || status == APR_TIMEUP;
}

static apr_status_t fetch(mcpr_attempt *a)
{
    const char *error = "unknown";
    apr_status_t status = mcpr_source_fetch(a->source, &a->document, &error, a->pool);

    if (is_end(status)) {
        return status;
    }
    if (status != APR_SUCCESS) {
        mcpr_result_fail(a->result, "FetchFailed", "Fetch failed: %s", error);
        return status;
    }
    a->fetched = 1;
    a->result->bytes = (apr_int64_t)a->document.len;
    a->result->data_hash = kept(a, a->document.hash);
    a->result->mark = kept(a, a->document.mark);
    a->result->is_partial = a->document.is_partial;
    return APR_SUCCESS;
}

static void decide(mcpr_attempt *a)
{
    mcpr_sync_result *result = a->result;
    const char *trigger = "interval";

    result->reason = mcpr_decide(&a->state, result->data_hash, result->settings_hash, &trigger);
    result->trigger = strcmp(result->trigger, "interval") == 0 ? trigger : result->trigger;
}

/* What an earlier try fetched is less than a document, and the store is not any more what it went with. */
static int is_outdated(const mcpr_attempt *a)
{
    return (!a->document.data && !known_hash(a)) || (a->document.is_partial && !since(a));
}

/*
 * Finds out whether the source has to be written: result->reason says why, and then there is a document. An
 * earlier try may have fetched it already.
 */
static apr_status_t check(mcpr_attempt *a)
{
    apr_status_t status = APR_SUCCESS;

    a->result->settings_hash = mcpr_settings_hash(a->task->source, a->result->pool);
    if (!a->fetched || is_outdated(a)) {
        status = step(a, "fetching");
        status = status == APR_SUCCESS ? open_source(a) : status;
        status = status == APR_SUCCESS ? fetch(a) : status;
    }
    if (status == APR_SUCCESS) {
        decide(a);
    }
    return status;
}

/* --- the write */

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

    status = status == APR_SUCCESS ? step(a, "writing") : status;
    if (status != APR_SUCCESS) {
        return status;
    }
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

static apr_status_t unchanged(mcpr_attempt *a)
{
    a->result->outcome = MCPR_OUTCOME_UNCHANGED;
    return mcpr_record_unchanged(a);
}

/* The steps after the lock. */
static apr_status_t locked_steps(mcpr_attempt *a)
{
    mcpr_comparison comparison = {a->worker->db, a->task->config,   a->task->source, a->source_id,
                                  &a->document,  &a->worker->pulse, a->result};
    apr_status_t status = read_state(a);
    mcpr_diff *diff;

    if (status == APR_SUCCESS && !a->known && !a->state.due && !a->task->forced) {
        return skip(a, "another worker was faster");
    }
    status = status == APR_SUCCESS ? judge_state(a) : status;
    status = status == APR_SUCCESS ? check(a) : status;
    a->result->checked = mcpr_clock();
    if (status == APR_SUCCESS && !a->result->reason) {
        return unchanged(a);
    }
    status = status == APR_SUCCESS ? step(a, "comparing") : status;
    status = status == APR_SUCCESS ? mcpr_compare(&comparison, &diff, a->try_pool) : status;
    a->result->compared = mcpr_clock();
    if (status == APR_SUCCESS && a->document.is_partial && !mcpr_diff_any(diff)) {
        a->result->data_hash = kept(a, a->state.data_hash); /* all of it was there before */
        return unchanged(a);
    }
    return status == APR_SUCCESS ? write_changes(a, diff) : status;
}

apr_status_t mcpr_attempt_try(mcpr_attempt *a)
{
    apr_status_t status = mcpr_attempt_connect(a);

    a->reached = status == APR_SUCCESS;
    status = a->reached ? mcpr_attempt_lock(a) : status;
    if (status == APR_SUCCESS && !a->locked) {
        return skip(a, "another worker has it");
    }
    return status == APR_SUCCESS ? locked_steps(a) : status;
}
