/*
 * Reading a password or a token from its file (spec config.md 7).
 */
#ifndef THV_SYNCD_SOURCES_SECRET_FILE_H
#define THV_SYNCD_SOURCES_SECRET_FILE_H

#include "common/util/attributes.h"
#include <apr_pools.h>

/**
 * What the file holds, without the white space around it, in `pool`; an empty file is an empty secret. The
 * path, once symbolic links are followed, must be absolute. On failure *error names the file and the reason.
 */
MCPR_MUSTCHECK apr_status_t mcpr_secret_read(const char **secret, const char *path, const char **error,
                                             apr_pool_t *pool);

#endif
