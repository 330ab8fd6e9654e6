/*
 * The end of an attempt: an outcome for every status, and its record in the store.
 */
#include "common/util/clock.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sync/backoff.h"
#include "thv-syncd/sync/worker_int.h"
#include <string.h>

#define LAST_WORDS apr_time_from_sec(2)
#define REFUSALS   3 /* of a statement that PostgreSQL will refuse again */
#define FIRST_WAIT apr_time_from_msec(200)
#define MOST_WAIT  apr_time_from_sec(5)

/*
 * The connection holds the source, or does so again after it was lost, and nobody has worked on the source
 * in between. APR_EBUSY when somebody has: then what we know is not worth telling any more. APR_EEXIST when
 * the end is stored already, by a COMMIT whose answer was lost.
 */
static apr_status_t hold_again(mcpr_attempt *a)
{
    mcpr_source_state before = a->state, now;
    apr_status_t status = mcpr_attempt_connect(a);

    if (status != APR_SUCCESS || a->locked) {
        return status;
    }
    status = mcpr_attempt_lock(a);
    if (status != APR_SUCCESS || !a->locked) {
        return status == APR_SUCCESS ? APR_EBUSY : status;
    }
    status = mcpr_attempt_state(a);
    now = a->state;
    a->state = before;
    if (status != APR_SUCCESS) {
        return status;
    }
    if (!mcpr_state_undisturbed(&before, &now)) {
        return APR_EBUSY;
    }
    return mcpr_same_text(now.started_at, before.now) && strcmp(now.phase, "syncing") != 0 ? APR_EEXIST
                                                                                           : APR_SUCCESS;
}

/* Until when a try may take, and whether it is the last one: once nobody waits for the result any more, there
 * is little time for all. */
static int set_closing(mcpr_worker *worker)
{
    apr_time_t until = mcpr_clock() + LAST_WORDS;
    int ending = mcpr_pulse_beat(worker->outer) != APR_SUCCESS;

    if (ending) {
        worker->last_words = worker->last_words ? worker->last_words : until;
        until = worker->last_words;
    }
    worker->closing = until;
    return ending;
}

/* Waits for the next try; a stop or a cancellation cuts that short. */
static void wait_for_store(mcpr_worker *worker, int failures)
{
    worker->closing = 0;
    worker->deadline = 0;
    (void)mcpr_worker_sleep(worker, mcpr_backoff(FIRST_WAIT, MOST_WAIT, failures, mcpr_chance()));
}

/* Tries until it is stored, or somebody else has the source, or nobody waits for it. */
static apr_status_t record_end(mcpr_attempt *a, apr_status_t (*record)(mcpr_attempt *))
{
    mcpr_worker *worker = a->worker;
    apr_status_t status;

    for (int i = 1;; i++) {
        int last = set_closing(worker);

        status = hold_again(a);
        status = status == APR_SUCCESS ? record(a) : status;
        if (status == APR_SUCCESS || status == MCPR_ESTALE || status == APR_EBUSY || status == APR_EEXIST ||
            (status == MCPR_EDB && i >= REFUSALS) || (last && mcpr_clock() >= worker->last_words)) {
            break;
        }
        apr_pool_clear(a->try_pool);
        wait_for_store(worker, i);
    }
    worker->closing = 0;
    status = status == APR_EEXIST ? APR_SUCCESS : status;
    if (status != APR_SUCCESS && status != MCPR_ESTALE) {
        mcpr_log(MCPR_LOG_WARN,
                 "The end of a sync could not be stored, the next look at the source will mend that",
                 "s:s, s:s", "source", a->result->source, "error",
                 status == APR_EBUSY ? "another worker has taken it over" : mcpr_db_error(worker->db));
    }
    return status;
}

static void describe_failure(mcpr_attempt *a, apr_status_t status)
{
    mcpr_sync_result *result = a->result;

    if (status == APR_TIMEUP) {
        mcpr_result_fail(result, a->fetched ? "StorageFailed" : "FetchFailed",
                         "%s failed: not done within %ld s (sync.deadline), while %s",
                         a->fetched ? "Storage" : "Fetch", (long)apr_time_sec(a->task->config->sync.deadline),
                         result->activity);
    } else if (result->outcome != MCPR_OUTCOME_FAILED) {
        mcpr_result_fail(result, "StorageFailed", "Storage failed: %s (while %s)",
                         a->worker->db ? mcpr_db_error(a->worker->db) : "no connection", result->activity);
    }
}

/* Given up without success or failure. */
static void give_up(mcpr_attempt *a, apr_status_t status)
{
    mcpr_sync_result *result = a->result;

    result->outcome = MCPR_OUTCOME_INTERRUPTED;
    result->message =
        status == MCPR_ESTALE ? "the source was changed or deleted meanwhile" : "the daemon was stopped";
    result->again = status == MCPR_ESTALE;
    if (a->claimed || a->run_id || result->again) {
        (void)record_end(a, mcpr_record_interrupted);
    }
    if (result->again) {
        result->outcome = MCPR_OUTCOME_SKIPPED;
    }
}

void mcpr_attempt_conclude(mcpr_attempt *a, apr_status_t status)
{
    a->worker->last_words = 0;
    if (status == APR_SUCCESS) {
        return;
    }
    if (status != MCPR_ESTOPPED && status != MCPR_ESTALE) {
        describe_failure(a, status);
        status = a->known ? record_end(a, mcpr_record_failed) : APR_SUCCESS;
        a->result->unstored = !a->known || (status != APR_SUCCESS && status != APR_EBUSY);
    }
    if (status == MCPR_ESTOPPED || status == MCPR_ESTALE) {
        give_up(a, status);
    }
}

void mcpr_attempt_unlock(mcpr_attempt *a)
{
    mcpr_worker *worker = a->worker;

    if (!a->locked || !mcpr_db_alive(worker->db)) {
        return;
    }
    worker->closing = mcpr_clock() + LAST_WORDS;
    if (mcpr_db_run(worker->db, MCPR_SQL_SOURCE_UNLOCK, NULL, a->try_pool, MCPR_ARGS(a->source_id)) !=
        APR_SUCCESS) {
        mcpr_db_close(worker->db); /* that gives it back for certain */
    }
    worker->closing = 0;
}
