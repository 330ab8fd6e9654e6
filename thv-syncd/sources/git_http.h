/*
 * Git over HTTP with libcurl, as a transport of libgit2.
 *
 * libgit2's own transport sends the credentials to wherever it is redirected, and cannot give up on a silent
 * server. This one follows redirects on the first request only, at most ten, never from https to http; the
 * credentials stay with the first scheme, host and port.
 */
#ifndef THV_SYNCD_SOURCES_GIT_HTTP_H
#define THV_SYNCD_SOURCES_GIT_HTTP_H

#include "common/util/attributes.h"
#include <apr_pools.h>

/** What the transport is given, for the life of the process. */
typedef struct mcpr_git_http {
    const char *username, *password; /* NULL for none */
    apr_int64_t received_most;
    apr_int64_t received; /* so far, over all requests */
    apr_pool_t *pool;
} mcpr_git_http;

/** Makes http:// and https:// of libgit2 use this transport. Once, after git_libgit2_init(). */
MCPR_MUSTCHECK apr_status_t mcpr_git_http_install(mcpr_git_http *http);

#endif
