/*
 * Instants in query parameters: RFC 3339 as the reference reads it (spec api-registry.md 5).
 */
#ifndef MCPR_HTTP_INSTANT_H
#define MCPR_HTTP_INSTANT_H

#include "common/util/attributes.h"
#include <apr_errno.h>
#include <apr_pools.h>

/**
 * Reads `text` and writes it as PostgreSQL reads it: UTC, microseconds, digits behind them cut off;
 * "-infinity" for what lies before the year 1. APR_EINVAL when it is not of the form, and for the instant
 * 0001-01-01T00:00:00Z, which means "none" to the reference. In `pool`.
 */
MCPR_MUSTCHECK apr_status_t mcpr_instant_parse(const char *text, const char **timestamp, apr_pool_t *pool);

#endif
