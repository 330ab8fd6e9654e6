/*
 * What a configured repository is: a URL, ssh's short form, or a path.
 */
#ifndef THV_SYNCD_SOURCES_GIT_URL_H
#define THV_SYNCD_SOURCES_GIT_URL_H

#include <apr_pools.h>

typedef enum mcpr_git_kind {
    MCPR_GIT_LOCAL, /* a path or file:// */
    MCPR_GIT_HTTP,
    MCPR_GIT_SSH,
    MCPR_GIT_PLAIN, /* git:// */
    MCPR_GIT_UNKNOWN
} mcpr_git_kind;

/** The kind of a repository; *scheme is what it is called in messages, in `pool`. */
mcpr_git_kind mcpr_git_url_kind(const char *repository, const char **scheme, apr_pool_t *pool);

/** The path of a local repository; NULL when the URL names a host or has broken escapes. In `pool`. */
const char *mcpr_git_url_path(const char *repository, apr_pool_t *pool);

/** Takes `user:password@` out of a URL: the URL without it, in `pool`; NULL when it is none. */
const char *mcpr_git_url_split(const char *url, const char **username, const char **password,
                               apr_pool_t *pool);

/** "host:port" of a URL, the port always given, and its scheme; in `pool`. Empty for what is no URL. */
const char *mcpr_git_url_origin(const char *url, const char **scheme, apr_pool_t *pool);

#endif
