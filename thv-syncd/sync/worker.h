/*
 * A worker syncs one source at a time, on a connection of its own that holds the source's advisory lock.
 *
 * A worker belongs to one thread; several may run side by side in one process or in many, since all that they
 * share is the store, the log, and configurations that nobody changes. The lock decides who works on a
 * source. A source whose row says syncing and whose lock can be had was left by a worker that died: it is
 * looked at again, and compared as a whole whatever its row says.
 *
 *   lock      nobody else looks at the source until we are done, or gone
 *   check     fetch, and compare the hashes: mostly that is all
 *   compare   the document with what is stored; nothing is locked in the database yet
 *   claim     a short transaction: the row says syncing, the history has a line
 *   write     one transaction: all of it, or nothing
 *
 * On a conflict or a lost connection the steps are repeated, five times at most; without a connection nothing
 * is tried, the worker waits. The document is fetched once, unless another worker has finished something at
 * the source while the lock was lost: then the attempt begins anew. After a COMMIT whose answer was lost the
 * row tells what became of it, for all that an attempt stores is dated with the start of its last try.
 */
#ifndef THV_SYNCD_SYNC_WORKER_H
#define THV_SYNCD_SYNC_WORKER_H

#include "common/config/config.h"
#include "thv-syncd/status.h"
#include "thv-syncd/store/connection.h"
#include "thv-syncd/sync/decide.h"
#include "thv-syncd/sync/result.h"

typedef struct mcpr_worker mcpr_worker;

/** One thing to do. All of it is read only and outlives the call. */
typedef struct mcpr_task {
    const mcpr_config *config;
    const mcpr_config_source *source;
    apr_int64_t source_id;
    int forced;            /* look at it even if it is not due */
    const char *state_dir; /* where caches may be kept, NULL: nowhere */
    mcpr_seen seen;
} mcpr_task;

/**
 * A worker that connects with `conninfo` when it has something to do. `outer` is the pulse of whoever runs
 * it: MCPR_ESTOPPED says that the process stops, MCPR_ESTALE that the source was changed or deleted and the
 * result will not be wanted.
 */
mcpr_worker *mcpr_worker_create(const char *conninfo, const mcpr_pulse *outer, apr_pool_t *pool);

/** Does it. The result tells everything, it was logged and (but for skipped ones) stored. It lives in `pool`.
 */
mcpr_sync_result *mcpr_worker_run(mcpr_worker *worker, const mcpr_task *task, apr_pool_t *pool);

#endif
