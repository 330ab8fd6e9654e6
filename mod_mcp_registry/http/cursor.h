/*
 * Cursors: base64 of "name,version" of the last row of a page (spec api-registry.md 6.3, quirks Q4 and Q6).
 */
#ifndef MCPR_HTTP_CURSOR_H
#define MCPR_HTTP_CURSOR_H

#include "common/util/attributes.h"
#include <apr_errno.h>
#include <apr_pools.h>

/** The cursor that points behind the row (name, version), in `pool`. */
const char *mcpr_cursor_encode(const char *name, const char *version, apr_pool_t *pool);

/**
 * Reads a cursor: standard alphabet with padding, CR and LF ignored, a space read as the plus that it was
 * before somebody forgot to escape it; split at the first comma. APR_EINVAL for anything else, for NUL and
 * for invalid UTF-8. The texts are in `pool`.
 */
MCPR_MUSTCHECK apr_status_t mcpr_cursor_decode(const char *cursor, const char **name, const char **version,
                                               apr_pool_t *pool);

#endif
