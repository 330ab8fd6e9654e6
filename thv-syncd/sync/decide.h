/*
 * Whether a source has to be written: what is known of it against what was fetched (spec sync.md 7.3).
 */
#ifndef THV_SYNCD_SYNC_DECIDE_H
#define THV_SYNCD_SYNC_DECIDE_H

#include "common/config/config.h"
#include <apr_pools.h>
#include <apr_time.h>

/** A source is read as a whole at least once in this time. */
#define MCPR_COMPLETE_AFTER apr_time_from_sec(24 * 3600)

/** What the last look of this process at a source left, to ask only for changes; all NULL before. */
typedef struct mcpr_seen {
    const char *mark, *data_hash, *settings_hash;
    apr_time_t complete_at; /* when the source was last read as a whole, by mcpr_clock() */
} mcpr_seen;

/** What the store knows of a source before a check: the row of source_state.sql, in the pool of the attempt.
 */
typedef struct mcpr_source_state {
    const char *now;   /* the database's clock, as a parameter */
    const char *phase; /* "syncing", "complete", "failed" */
    const char *message;
    const char *started_at;                /* NULL before the first attempt */
    const char *ended_at;                  /* NULL before the first end */
    const char *data_hash, *settings_hash; /* NULL before the first success */
    const char *requested_at;              /* NULL: nobody asks */
    const char *updated_at;                /* of the source's own row */
    apr_int64_t failures;
    int tombstones_due, due;
    int orphans;   /* the history has a run that nobody ended */
    int abandoned; /* a worker died over it: what the row says may be half of something */
} mcpr_source_state;

/** Whether two texts, each of which may be NULL, are the same. */
int mcpr_same_text(const char *a, const char *b);

/**
 * Why the source has to be written, in the words of spec sync.md 7.3, or NULL when it is as it was. `trigger`
 * becomes "settings" when only the settings moved.
 */
const char *mcpr_decide(const mcpr_source_state *state, const char *data_hash, const char *settings_hash,
                        const char **trigger);

/**
 * The hash of a document of which nothing would be read, so that no bytes of it are needed; NULL: any is
 * read.
 */
const char *mcpr_known_hash(const mcpr_source_state *state, const char *settings_hash);

/**
 * The mark of the last look where asking for what changed since then is enough: the store is what that look
 * made it, and the last complete one is not long ago. Else NULL; who asks for a sync gets a complete one.
 * `now` is a moment of mcpr_clock().
 */
const char *mcpr_usable_mark(const mcpr_seen *seen, const mcpr_source_state *state, const char *settings_hash,
                             apr_time_t now);

/**
 * For a worker that lost the source's lock and has it again: whether nobody else has finished anything there
 * since `before` was read. What the worker itself has stored, its COMMIT heard or not, is no disturbance: it
 * dates everything with before->now.
 */
int mcpr_state_undisturbed(const mcpr_source_state *before, const mcpr_source_state *now);

/** The hash of all settings that change what is stored: type block, format, filter, and the renderer's
 * number. */
const char *mcpr_settings_hash(const mcpr_config_source *config, apr_pool_t *pool);

#endif
