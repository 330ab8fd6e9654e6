/*
 * Reading a password from its file (spec config.md 7).
 */
#ifndef THV_SYNCD_SOURCES_GIT_SECRET_H
#define THV_SYNCD_SOURCES_GIT_SECRET_H

#include "common/util/attributes.h"
#include <apr_pools.h>

/**
 * What the file holds, without the white space around it, in `pool`; an empty file is an empty password. The
 * path, once symbolic links are followed, must be absolute. On failure *error names the file and the reason.
 */
MCPR_MUSTCHECK apr_status_t mcpr_git_secret_read(const char **secret, const char *path, const char **error,
                                                 apr_pool_t *pool);

#endif
