/*
 * Where the registry is mounted: the <Location> sections of a server that say `SetHandler mcp-registry`.
 *
 * httpd keeps the words of SetHandler as a parsed expression and hands the one that applies to a request on
 * by pointer; by that pointer the section is found again, and with it the prefix.
 */
#ifndef MCPR_MOUNTS_H
#define MCPR_MOUNTS_H

#include "common/util/attributes.h"
#include "mod_mcp_registry/http/path.h"
#include <httpd.h>

/** The handlers' names, as SetHandler knows them. */
#define MCPR_HANDLER_API        "mcp-registry"
#define MCPR_HANDLER_OPERATIONS "mcp-registry-operations"

typedef struct mcpr_mounts mcpr_mounts;

/** The <Location> sections of `server` that set a handler, in `pool`. */
const mcpr_mounts *mcpr_mounts_find(server_rec *server, apr_pool_t *pool);

/** The handler that the configuration sets for the request's location, NULL when none. For any phase after
 * the walk. */
const char *mcpr_mounts_handler(request_rec *r);

/** No number of segments: the path does not lie under the <Location> that set the request's handler. */
#define MCPR_NOT_MOUNTED (-1)

/**
 * How many leading segments of `path`, the request's, are its mount's prefix: those of the <Location> that
 * set its handler. A section with a pattern has no prefix, nor has a handler set elsewhere: routes begin at
 * the root then. MCPR_NOT_MOUNTED when the path begins otherwise than the prefix does, as httpd merges and
 * decodes slashes where we do not.
 */
int mcpr_mounts_prefix(const mcpr_mounts *mounts, request_rec *r, const mcpr_path *path);

/** Non-zero when `path` lies under a mount of ours, asked before httpd has looked at the request. */
int mcpr_mounts_cover(const mcpr_mounts *mounts, request_rec *r, const mcpr_path *path);

#endif
