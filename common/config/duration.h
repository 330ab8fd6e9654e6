/*
 * Durations as the configuration writes them (spec config.md 6): 90s, 1h30m, 1.5h, -2m, 0.
 */
#ifndef MCPR_CONFIG_DURATION_H
#define MCPR_CONFIG_DURATION_H

#include <apr.h>
#include <apr_pools.h>
#include <apr_time.h>

/** Reads `text` into nanoseconds. Zero when it is no duration or beyond ±2^63 ns. */
int mcpr_duration_parse(const char *text, apr_int64_t *nanoseconds);

/** Nanoseconds as microseconds, towards zero; what is not zero never becomes zero. */
apr_interval_time_t mcpr_duration_micros(apr_int64_t nanoseconds);

/** The printed form of microseconds, in `pool`: 30m0s, 1h0m0s, 1m30s, 500ms, 0s. */
const char *mcpr_duration_text(apr_interval_time_t micros, apr_pool_t *pool);

#endif
