/*
 * Exponential backoff with jitter.
 */
#include "thv-syncd/sync/backoff.h"
#include <apr_general.h>

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

double mcpr_chance(void)
{
    apr_uint32_t bits = 0;

    if (apr_generate_random_bytes((unsigned char *)&bits, sizeof bits) != APR_SUCCESS) {
        bits = (apr_uint32_t)apr_time_now() * 2654435761u;
    }
    return (double)bits / 4294967295.0;
}
