/*
 * The path of a request: split at its slashes as they were sent, decoded after (RFC 3986 2.4).
 *
 * httpd decodes r->uri before a handler sees it, so a %2F in a server's name could not be told from a slash.
 * But r->uri is what <Location> sections, and with them rules of access, are matched with. So the path as
 * sent counts only where it says the same as r->uri (spec README decision 16).
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
 * Reads the path out of a request target in origin or absolute form, in `pool`; an empty one is "/" (RFC 9112
 * 3.2). APR_EINVAL when an escape is malformed or the target has another form. For looking at a target alone:
 * what is served is found by mcpr_path_read().
 */
MCPR_MUSTCHECK apr_status_t mcpr_path_parse(mcpr_path *path, const char *target, apr_pool_t *pool);

/**
 * Reads the path to be served, in `pool`: that of `target`, if httpd has made `uri` of it by decoding alone.
 * Else another module has set `uri`, or httpd has merged slashes in it, and the path is that of `uri`.
 * APR_EINVAL, so that nothing is served, when the target has dot segments or begins with two slashes, which
 * httpd resolves and the reference does not (api-registry.md 3), and when `uri` is no path.
 */
MCPR_MUSTCHECK apr_status_t mcpr_path_read(mcpr_path *path, const char *target, const char *uri,
                                           apr_pool_t *pool);

/** Percent-decodes `text` once more, in `pool`; NULL when an escape is malformed or gives a NUL. */
const char *mcpr_percent_decode(const char *text, apr_pool_t *pool);

#endif
