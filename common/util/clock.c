/*
 * CLOCK_MONOTONIC.
 */
#include "common/util/clock.h"
#include <time.h>

apr_time_t mcpr_clock(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return apr_time_from_sec(now.tv_sec) + now.tv_nsec / 1000;
}
