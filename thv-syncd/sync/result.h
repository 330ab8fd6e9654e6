/*
 * The result of one attempt to sync one source. It is made before the first step and travels down through all
 * of them: each says what it is doing before it does it, adds its counts, and on failure says what and why.
 * Log, history and status read this one object. It belongs to the worker's thread until the worker hands it
 * over, then to the coordinator's.
 */
#ifndef THV_SYNCD_SYNC_RESULT_H
#define THV_SYNCD_SYNC_RESULT_H

#include "common/model/model.h"
#include "common/util/attributes.h"
#include <apr.h>
#include <apr_pools.h>
#include <apr_time.h>

typedef enum mcpr_outcome {
    MCPR_OUTCOME_RUNNING,
    MCPR_OUTCOME_CHANGED,     /* something was written that a reader sees */
    MCPR_OUTCOME_UNCHANGED,   /* looked at, nothing new */
    MCPR_OUTCOME_FAILED,      /* what was served before is served on */
    MCPR_OUTCOME_INTERRUPTED, /* the process stops; the source is due at the next start */
    MCPR_OUTCOME_SKIPPED      /* somebody else works on it, or it is gone, or was changed meanwhile */
} mcpr_outcome;

typedef struct mcpr_sync_result {
    apr_pool_t *pool;
    const char *source;
    const char *trigger;  /* "interval", "request", "settings", "recovery": why it was looked at */
    const char *reason;   /* why it was written (spec sync.md 7.3), NULL until decided */
    const char *activity; /* what it is doing now, in words */
    mcpr_outcome outcome;
    const char *error_type;                /* the label of spec sync.md 7.5, NULL without failure */
    const char *message;                   /* one line (or several) for people, "" while all is well */
    const char *data_hash, *settings_hash; /* of what the source holds now; NULL when that is not known */
    const char *mark;                      /* of the document (sources/source.h), NULL when it has none */
    int is_partial;                        /* only what changed was fetched */
    apr_int64_t counts[MCPR_KINDS];        /* versions of the document after the filter */
    apr_int64_t filtered;                  /* left out by the filter */
    apr_int64_t added, changed, removed, expired;
    apr_int64_t bytes;      /* fetched */
    apr_int64_t generation; /* the number it raised, 0 when it raised none */
    apr_int64_t failures;   /* consecutive ones, this one included */
    /* By mcpr_clock(): when it began, had the document, knew what to write; of the last try. */
    apr_time_t began, checked, compared;
    int tries;    /* of the write */
    int unstored; /* it failed, and no row says so */
    int again;    /* the source was changed meanwhile: look at it again at once */
} mcpr_sync_result;

mcpr_sync_result *mcpr_result_create(const char *source, apr_pool_t *pool);

/** Says what comes next. */
void mcpr_result_doing(mcpr_sync_result *result, const char *activity);

/** The attempt has failed: the label and the message, kept until something else is said. */
void mcpr_result_fail(mcpr_sync_result *result, const char *error_type, const char *format, ...)
    MCPR_PRINTF(3, 4);

/** The word of an outcome, as the history has it. */
const char *mcpr_outcome_name(mcpr_outcome outcome);

/** The one line in the log. */
void mcpr_result_log(const mcpr_sync_result *result);

#endif
