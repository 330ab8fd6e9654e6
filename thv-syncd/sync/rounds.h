/*
 * Which sources are synced when, and by whom.
 *
 * A poll reads what is due, oldest first, and makes a round of it; workers take from the round as they become
 * idle. A source that a worker has already, here or anywhere, is passed over; one that is asked for while it
 * is synced here comes again afterwards. A sync whose source was changed or deleted meanwhile, by whomever,
 * is cancelled at the next poll.
 *
 * All calls are of one thread, the coordinator's, and none waits for a worker or a source.
 */
#ifndef THV_SYNCD_SYNC_ROUNDS_H
#define THV_SYNCD_SYNC_ROUNDS_H

#include "thv-syncd/settings.h"
#include "thv-syncd/store/connection.h"

typedef struct mcpr_rounds mcpr_rounds;

/** No round yet; the first poll is due. NULL when the system refuses a descriptor. `settings` outlives it. */
mcpr_rounds *mcpr_rounds_create(mcpr_settings *settings, const char *state_dir, apr_pool_t *pool);

/** Takes back what workers have done. */
void mcpr_rounds_collect(mcpr_rounds *self);

/** Polls, if that is due, over `db`. A status of the store; then the same again at the next poll. */
MCPR_MUSTCHECK apr_status_t mcpr_rounds_poll(mcpr_rounds *self, mcpr_db *db, apr_pool_t *pool);

/**
 * Gives every idle worker (sync.workers of them at most) the next source of the round. They connect with
 * `conninfo`. As long as the configuration is not `reconciled` with the store, sources are as their rows have
 * them.
 */
void mcpr_rounds_hand_out(mcpr_rounds *self, const char *conninfo, int reconciled);

/** The next poll is at once. */
void mcpr_rounds_soon(mcpr_rounds *self);

/** The next poll is at once, and of all sources, due or not. */
void mcpr_rounds_all(mcpr_rounds *self);

/** When the next poll is due, by mcpr_clock(). */
apr_time_t mcpr_rounds_next(const mcpr_rounds *self);

/** Readable when mcpr_rounds_collect() has something to do. */
int mcpr_rounds_fd(const mcpr_rounds *self);

/** How many sources are synced now. */
int mcpr_rounds_busy(const mcpr_rounds *self);

/** The store is another one: forgets the round and all that was seen, cancels what is under way. */
void mcpr_rounds_drop(mcpr_rounds *self);

/** The process stops. Call it again until it returns non-zero: then all workers have ended. */
int mcpr_rounds_stop(mcpr_rounds *self);

#endif
