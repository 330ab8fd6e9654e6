/*
 * How long to wait after a failure.
 */
#ifndef THV_SYNCD_SYNC_BACKOFF_H
#define THV_SYNCD_SYNC_BACKOFF_H

#include <apr_time.h>

/**
 * Exponential: `first` after the first failure, twice as much after each further one, never more than `most`.
 * `chance` (0 to 1, a random number) spreads it by a quarter to either side, still within `most`, so that
 * what failed together does not come back together.
 */
apr_interval_time_t mcpr_backoff(apr_interval_time_t first, apr_interval_time_t most, apr_int64_t failures,
                                 double chance);

/** How long a source waits after so many consecutive failures: 30 s at first, its interval at most, an hour
 * when it has none (0). Spread as above. */
apr_interval_time_t mcpr_retry_wait(apr_interval_time_t interval, apr_int64_t failures);

/** A random number from 0 to 1, good enough to spread things in time. */
double mcpr_chance(void);

#endif
