/*
 * Exponential backoff with jitter.
 */
#include "thv-syncd/sync/backoff.h"
#include <apr_general.h>

#define FIRST_RETRY apr_time_from_sec(30)
#define MOST_WAIT   apr_time_from_sec(3600) /* of a source without an interval */

apr_interval_time_t mcpr_backoff(apr_interval_time_t first, apr_interval_time_t most, apr_int64_t failures,
                                 double chance)
{
    apr_interval_time_t wait = first < most ? first : most;

    for (apr_int64_t i = 1; i < failures && wait < most; i++) {
        wait = wait > most / 2 ? most : wait * 2;
    }
    wait = (apr_interval_time_t)((double)wait * (0.75 + 0.5 * chance));
    return wait < most ? wait : most;
}

apr_interval_time_t mcpr_retry_wait(apr_interval_time_t interval, apr_int64_t failures)
{
    return mcpr_backoff(FIRST_RETRY, interval ? interval : MOST_WAIT, failures, mcpr_chance());
}

double mcpr_chance(void)
{
    apr_uint32_t bits = 0;

    if (apr_generate_random_bytes((unsigned char *)&bits, sizeof bits) != APR_SUCCESS) {
        bits = (apr_uint32_t)apr_time_now() * 2654435761u;
    }
    return (double)bits / 4294967295.0;
}
