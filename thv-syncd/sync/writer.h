/*
 * Writing what a comparison found, as one transaction: readers see all of it or nothing.
 *
 * The connection holds the source's advisory lock; a lost lock is a lost connection, and that aborts the
 * write. Nothing else writes versions of a synced source, so READ COMMITTED is enough; the source's row is
 * held against those who change its settings or claims, or delete it.
 */
#ifndef THV_SYNCD_SYNC_WRITER_H
#define THV_SYNCD_SYNC_WRITER_H

#include "thv-syncd/store/connection.h"
#include "thv-syncd/sync/decide.h"
#include "thv-syncd/sync/diff.h"
#include "thv-syncd/sync/result.h"

typedef struct mcpr_write {
    mcpr_db *db;
    apr_int64_t source_id;
    apr_int64_t run_id; /* the row of the history to finish, 0 for none */
    const mcpr_source_state *state;
    mcpr_diff *diff;
    mcpr_sync_result *result;
    apr_interval_time_t statement_limit; /* of each statement, 0 for none */
    int *writing;                        /* set while the transaction is open: a stop then waits a little */
    apr_pool_t *pool;
} mcpr_write;

/**
 * Writes, finishes the sync row and the history, raises the generation if a reader sees a difference,
 * commits.
 *
 * MCPR_ESTALE when the source is gone or was changed since the check; otherwise a status of the store, after
 * a rollback. After MCPR_ERETRY and MCPR_ELOST the whole may be tried again, from the stored versions on.
 */
MCPR_MUSTCHECK apr_status_t mcpr_write_apply(mcpr_write *write);

#endif
