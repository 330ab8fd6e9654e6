/*
 * Sources that are left alone for a while because their last failure is in no row of the store: it could not
 * be written there, or the row could not even be read. Else every poll would fetch them again.
 */
#ifndef THV_SYNCD_SYNC_DELAYS_H
#define THV_SYNCD_SYNC_DELAYS_H

#include <apr_pools.h>
#include <apr_time.h>

typedef struct mcpr_delays mcpr_delays;

/** None yet. Lives in `pool`. */
mcpr_delays *mcpr_delays_create(apr_pool_t *pool);

/** Failed once more at `now` (mcpr_clock()), unheard: it waits as after any failure, up to its interval (0:
 * it has none). */
void mcpr_delays_add(mcpr_delays *self, apr_int64_t source_id, apr_interval_time_t interval, apr_time_t now);

/** Non-zero while the source has to wait. */
int mcpr_delays_hold(const mcpr_delays *self, apr_int64_t source_id, apr_time_t now);

/** The store knows how the source is. */
void mcpr_delays_forget(mcpr_delays *self, apr_int64_t source_id);

void mcpr_delays_forget_all(mcpr_delays *self);

#endif
