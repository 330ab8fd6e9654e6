/*
 * The inside of a worker, for worker.c (tries and pulse), attempt.c (the steps), conclude.c (the end) and
 * record.c (what they leave in the store). All of it belongs to the thread that runs the worker.
 */
#ifndef THV_SYNCD_SYNC_WORKER_INT_H
#define THV_SYNCD_SYNC_WORKER_INT_H

#include "thv-syncd/sources/source.h"
#include "thv-syncd/sync/decide.h"
#include "thv-syncd/sync/worker.h"

struct mcpr_worker {
    apr_pool_t *pool;
    mcpr_db *db; /* NULL before the first task */
    const char *conninfo;
    const mcpr_pulse *outer;
    mcpr_pulse pulse;    /* ours: the outer one, the deadline, the grace of a write */
    apr_time_t deadline; /* of the task, 0 for none */
    apr_time_t stop_seen;
    apr_time_t closing;    /* until when a try to record the end may take, 0 while working */
    apr_time_t last_words; /* until when all of them may, once the outer pulse ends; 0 before */
    int writing;           /* a write is open: a stop waits for it a little */
    int stale;             /* the source was changed or deleted, the coordinator says */
};

/** A task under way. Lives for all its tries. */
typedef struct mcpr_attempt {
    mcpr_worker *worker;
    const mcpr_task *task;
    mcpr_sync_result *result;
    mcpr_source_state state; /* of the current try */
    mcpr_source *source;     /* NULL before the first check */
    mcpr_document document;  /* len and data once fetched */
    const char *source_id;   /* as an argument */
    apr_int64_t run_id;      /* the row of the history, 0 before there is one */
    int known;               /* the state was read at least once */
    int abandoned;           /* whoever had the source before us died over it */
    int fetched;
    int reached;  /* this try had a connection */
    int locked;   /* the connection holds the source's lock */
    int relocked; /* it was taken since the state was read: others may have had it */
    int claimed;  /* the row says syncing because of us */
    const char *phase_before, *message_before, *started_before; /* of the claim */
    apr_pool_t *pool;                                           /* of the task */
    apr_pool_t *try_pool;                                       /* of the try */
} mcpr_attempt;

/** Sleeps with the pulse, which may cut it short: then its status. */
apr_status_t mcpr_worker_sleep(mcpr_worker *worker, apr_interval_time_t wait);

/** Connects if need be; the lock is gone then. */
MCPR_MUSTCHECK apr_status_t mcpr_attempt_connect(mcpr_attempt *attempt);

/** Takes the source's lock if it can be had: attempt->locked says so. */
MCPR_MUSTCHECK apr_status_t mcpr_attempt_lock(mcpr_attempt *attempt);

/** Reads attempt->state. MCPR_ESTALE when there is no such source any more. */
MCPR_MUSTCHECK apr_status_t mcpr_attempt_state(mcpr_attempt *attempt);

/** One try of all steps. MCPR_ERETRY and MCPR_ELOST: the same again may succeed. */
MCPR_MUSTCHECK apr_status_t mcpr_attempt_try(mcpr_attempt *attempt);

/** Makes an outcome of the status of the last try and records it where the steps have not. */
void mcpr_attempt_conclude(mcpr_attempt *attempt, apr_status_t status);

/** Gives the lock back. */
void mcpr_attempt_unlock(mcpr_attempt *attempt);

/** A line in the history, if there is none yet. */
MCPR_MUSTCHECK apr_status_t mcpr_record_run(mcpr_attempt *attempt);

/** The row says syncing (when `visible`), the history has a line: one short transaction. */
MCPR_MUSTCHECK apr_status_t mcpr_record_claim(mcpr_attempt *attempt, int visible);

/** Looked at, nothing new. MCPR_ESTALE when the source's row moved since the state was read. */
MCPR_MUSTCHECK apr_status_t mcpr_record_unchanged(mcpr_attempt *attempt);

/** Failed: message, failures, when to try again. MCPR_ESTALE as above. */
MCPR_MUSTCHECK apr_status_t mcpr_record_failed(mcpr_attempt *attempt);

/** Given up without success or failure: the row is as it was before the claim, and due. */
MCPR_MUSTCHECK apr_status_t mcpr_record_interrupted(mcpr_attempt *attempt);

#endif
