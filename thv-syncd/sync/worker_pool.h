/*
 * Threads that sync sources, one job each at a time.
 *
 * All functions here are called by one thread, the coordinator's. A job is the coordinator's until it is
 * given, the thread's until it is taken back, then the coordinator's again; in between the coordinator may
 * read `task` and `row_stamp`, which nobody writes, use what is marked as its own, and say
 * mcpr_worker_pool_cancel(). Threads share nothing with each other but the log.
 */
#ifndef THV_SYNCD_SYNC_WORKER_POOL_H
#define THV_SYNCD_SYNC_WORKER_POOL_H

#include "thv-syncd/settings.h"
#include "thv-syncd/sync/worker.h"
#include <stdatomic.h>

typedef struct mcpr_worker_pool mcpr_worker_pool;

typedef struct mcpr_job {
    apr_pool_t *pool; /* of all of it; no parent, for it changes hands */
    mcpr_task task;
    mcpr_snapshot *snapshot;  /* that task.config is of */
    const char *conninfo;     /* the worker connects with it */
    const char *row_stamp;    /* when the source's row last changed, as it was when the job was made */
    mcpr_sync_result *result; /* once taken back */
    apr_int64_t asked;        /* for the coordinator: how often all sources had been asked for */
    int again;                /* the coordinator's, all the time: a poll found the source due meanwhile */
    int again_forced;         /* the same: and meant it even if it is not due */
    atomic_int cancelled;
} mcpr_job;

/** A pool without threads; they are started as they are needed. NULL when the system refuses a descriptor. */
mcpr_worker_pool *mcpr_worker_pool_create(apr_pool_t *pool);

/** Readable when a job can be taken back. */
int mcpr_worker_pool_fd(const mcpr_worker_pool *self);

/** How many jobs run or wait to be taken back. */
int mcpr_worker_pool_busy(const mcpr_worker_pool *self);

/** The job at `i` of mcpr_worker_pool_busy(). */
mcpr_job *mcpr_worker_pool_job(const mcpr_worker_pool *self, int i);

/** Hands a job to a thread. Never waits. APR_EAGAIN when `limit` jobs are under way. */
MCPR_MUSTCHECK apr_status_t mcpr_worker_pool_give(mcpr_worker_pool *self, mcpr_job *job, int limit);

/** A job that has ended, NULL when there is none. Never waits. */
mcpr_job *mcpr_worker_pool_take(mcpr_worker_pool *self);

/** Ends the threads, and their connections, that have had no job for `idle` microseconds. */
void mcpr_worker_pool_rest(mcpr_worker_pool *self, apr_interval_time_t idle);

/** The job's result will not be wanted; it ends soon, and says MCPR_OUTCOME_SKIPPED. */
void mcpr_worker_pool_cancel(mcpr_job *job);

/** The process stops: every job ends soon, with the store as it was. Take them back. */
void mcpr_worker_pool_stop(mcpr_worker_pool *self);

/** After a stop, when nothing is busy any more: ends the threads and waits for them. */
void mcpr_worker_pool_join(mcpr_worker_pool *self);

#endif
