/*
 * The inside of a worker, for worker.c (the steps) and record.c (what they leave in the store).
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
    apr_time_t closing; /* until when the last words may take, 0 while working */
    int writing;        /* a write is open: a stop waits for it a little */
};

/** A task under way. Lives for all its tries. */
typedef struct mcpr_attempt {
    mcpr_worker *worker;
    const mcpr_task *task;
    mcpr_sync_result *result;
    mcpr_source_state state; /* of the current try */
    mcpr_document document;  /* len and data once fetched */
    const char *source_id;   /* as an argument */
    apr_int64_t run_id;      /* the row of the history, 0 before there is one */
    int known;               /* the state was read at least once */
    int fetched;
    int locked;                                                 /* the connection holds the source's lock */
    int claimed;                                                /* the row says syncing because of us */
    const char *phase_before, *message_before, *started_before; /* of the claim */
    apr_pool_t *pool;                                           /* of the task */
    apr_pool_t *try_pool;                                       /* of the try */
} mcpr_attempt;

/** A line in the history, if there is none yet. */
MCPR_MUSTCHECK apr_status_t mcpr_record_run(mcpr_attempt *attempt);

/** The row says syncing (when `visible`), the history has a line: one short transaction. */
MCPR_MUSTCHECK apr_status_t mcpr_record_claim(mcpr_attempt *attempt, int visible);

/** Looked at, nothing new. */
MCPR_MUSTCHECK apr_status_t mcpr_record_unchanged(mcpr_attempt *attempt);

/** Failed: message, failures, when to try again. */
MCPR_MUSTCHECK apr_status_t mcpr_record_failed(mcpr_attempt *attempt);

/** Given up without success or failure: the row is as it was before the claim. */
MCPR_MUSTCHECK apr_status_t mcpr_record_interrupted(mcpr_attempt *attempt);

#endif
