/*
 * The clock for waits and deadlines: nobody sets it. What is shown or stored is dated by apr_time_now().
 */
#ifndef MCPR_UTIL_CLOCK_H
#define MCPR_UTIL_CLOCK_H

#include <apr_time.h>

/** CLOCK_MONOTONIC in microseconds: to be compared with another reading in this process only. */
apr_time_t mcpr_clock(void);

#endif
