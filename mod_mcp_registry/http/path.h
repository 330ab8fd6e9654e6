/*
 * The path of a request as it was sent: split at its slashes first, decoded after (RFC 3986 2.4).
 *
 * httpd decodes r->uri before a handler sees it, so a %2F in a server's name could not be told from a slash.
 * Routing, and later access, go by this reading and no other.
 */
#ifndef MCPR_HTTP_PATH_H
#define MCPR_HTTP_PATH_H

#include "common/util/attributes.h"
#include <apr_errno.h>
#include <apr_pools.h>

/** One decoded segment. The text is NUL-terminated; len tells whether a %00 hides in it. */
typedef struct mcpr_segment {
    const char *text;
    apr_size_t len;
} mcpr_segment;

typedef struct mcpr_path {
    const mcpr_segment *segments; /* "/a//b/" has four: a, "", b, "" */
    int count;
    int canonical; /* as the reference's client would have written it: values are decoded a second time (4.1)
                    */
} mcpr_path;

/**
 * Reads the path out of a request target in origin or absolute form, in `pool`. APR_EINVAL when an escape is
 * malformed or the target holds no path.
 */
MCPR_MUSTCHECK apr_status_t mcpr_path_parse(mcpr_path *path, const char *target, apr_pool_t *pool);

/** Percent-decodes `text` once more, in `pool`; NULL when an escape is malformed or gives a NUL. */
const char *mcpr_percent_decode(const char *text, apr_pool_t *pool);

#endif
