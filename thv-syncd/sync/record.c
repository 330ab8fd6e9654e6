/*
 * What an attempt leaves in source_sync and sync_run, apart from a successful write (writer.c does that
 * itself).
 */
#include "thv-syncd/sync/backoff.h"
#include "thv-syncd/sync/worker_int.h"
#include <string.h>

apr_status_t mcpr_record_run(mcpr_attempt *attempt)
{
    mcpr_rows *rows = NULL;
    apr_status_t status;

    if (attempt->run_id) {
        return APR_SUCCESS;
    }
    status = mcpr_db_run(attempt->worker->db, MCPR_SQL_RUN_BEGIN, &rows, attempt->try_pool,
                         MCPR_ARGS(attempt->source_id, attempt->result->trigger, attempt->state.now));
    if (status == APR_SUCCESS && mcpr_rows_count(rows)) {
        attempt->run_id = mcpr_rows_int(rows, 0, 0);
    }
    return status;
}

/* The end of the history's line; without a line nothing. Old lines go. */
static apr_status_t end_run(mcpr_attempt *attempt)
{
    const mcpr_sync_result *result = attempt->result;
    apr_pool_t *pool = attempt->try_pool;
    apr_status_t status;

    if (attempt->run_id == 0) {
        return APR_SUCCESS;
    }
    status = mcpr_db_run(attempt->worker->db, MCPR_SQL_RUN_END, NULL, pool,
                         MCPR_ARGS(mcpr_db_number(attempt->run_id, pool), mcpr_outcome_name(result->outcome),
                                   "0", "0", "0", mcpr_db_number(result->bytes, pool), result->message));
    if (status == APR_SUCCESS) {
        status =
            mcpr_db_run(attempt->worker->db, MCPR_SQL_RUN_PRUNE, NULL, pool, MCPR_ARGS(attempt->source_id));
    }
    return status;
}

/* Nothing is said of settings that are not in force any more. Holds the source's row until COMMIT. */
static apr_status_t same_settings(mcpr_attempt *attempt)
{
    mcpr_rows *rows = NULL;
    apr_status_t status = mcpr_db_run(attempt->worker->db, MCPR_SQL_SOURCE_HOLD, &rows, attempt->try_pool,
                                      MCPR_ARGS(attempt->source_id));

    if (status != APR_SUCCESS) {
        return status;
    }
    return mcpr_rows_count(rows) && strcmp(mcpr_rows_text(rows, 0, 0), attempt->state.updated_at) == 0
               ? APR_SUCCESS
               : MCPR_ESTALE;
}

/* Commits what went well, throws away what did not. A line of the history that was rolled back is none. */
static apr_status_t close_transaction(mcpr_attempt *attempt, apr_int64_t run_before, apr_status_t status)
{
    if (status == APR_SUCCESS) {
        status = mcpr_db_commit(attempt->worker->db);
    }
    if (status != APR_SUCCESS) {
        mcpr_db_rollback(attempt->worker->db);
        attempt->run_id = run_before;
    }
    return status;
}

apr_status_t mcpr_record_claim(mcpr_attempt *attempt, int visible)
{
    apr_int64_t run_before = attempt->run_id;
    apr_status_t status = mcpr_db_begin(attempt->worker->db);

    if (status == APR_SUCCESS) {
        status = mcpr_record_run(attempt);
    }
    if (status == APR_SUCCESS && visible) {
        status = mcpr_db_run(attempt->worker->db, MCPR_SQL_SYNC_CLAIM, NULL, attempt->try_pool,
                             MCPR_ARGS(attempt->source_id, attempt->state.now));
    }
    status = close_transaction(attempt, run_before, status);
    if (status == APR_SUCCESS && visible) {
        attempt->claimed = 1;
    }
    return status;
}

apr_status_t mcpr_record_unchanged(mcpr_attempt *attempt)
{
    apr_int64_t run_before = attempt->run_id;
    apr_status_t status = mcpr_db_begin(attempt->worker->db);

    status = status == APR_SUCCESS ? same_settings(attempt) : status;
    if (status == APR_SUCCESS && strcmp(attempt->result->trigger, "request") == 0) {
        status = mcpr_record_run(attempt);
    }
    if (status == APR_SUCCESS) {
        status = mcpr_db_run(attempt->worker->db, MCPR_SQL_SYNC_UNCHANGED, NULL, attempt->try_pool,
                             MCPR_ARGS(attempt->source_id, attempt->state.requested_at));
    }
    if (status == APR_SUCCESS) {
        status = end_run(attempt);
    }
    return close_transaction(attempt, run_before, status);
}

apr_status_t mcpr_record_failed(mcpr_attempt *attempt)
{
    apr_pool_t *pool = attempt->try_pool;
    apr_int64_t run_before = attempt->run_id;
    apr_interval_time_t wait = mcpr_retry_wait(attempt->task->source->interval, attempt->result->failures);
    apr_status_t status = mcpr_db_begin(attempt->worker->db);

    status = status == APR_SUCCESS ? same_settings(attempt) : status;
    if (status == APR_SUCCESS) {
        status = mcpr_record_run(attempt);
    }
    if (status == APR_SUCCESS) {
        status =
            mcpr_db_run(attempt->worker->db, MCPR_SQL_SYNC_FAILED, NULL, pool,
                        MCPR_ARGS(attempt->source_id, attempt->state.now, attempt->result->message,
                                  mcpr_db_number(wait, pool), mcpr_db_number(attempt->result->failures, pool),
                                  attempt->state.requested_at));
    }
    if (status == APR_SUCCESS) {
        status = end_run(attempt);
    }
    return close_transaction(attempt, run_before, status);
}

apr_status_t mcpr_record_interrupted(mcpr_attempt *attempt)
{
    apr_int64_t run_before = attempt->run_id;
    apr_status_t status = mcpr_db_begin(attempt->worker->db);

    if (status == APR_SUCCESS && !attempt->claimed) {
        status = mcpr_db_run(attempt->worker->db, MCPR_SQL_SOURCE_SYNC_DUE, NULL, attempt->try_pool,
                             MCPR_ARGS(attempt->source_id));
    } else if (status == APR_SUCCESS) {
        status = mcpr_db_run(attempt->worker->db, MCPR_SQL_SYNC_RESTORE, NULL, attempt->try_pool,
                             MCPR_ARGS(attempt->source_id, attempt->phase_before, attempt->message_before,
                                       attempt->started_before));
    }
    if (status == APR_SUCCESS) {
        status = end_run(attempt);
    }
    return close_transaction(attempt, run_before, status);
}
