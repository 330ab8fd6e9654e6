/*
 * Path parameters (spec api-registry.md 4.2): which texts may stand for a registry, a server and a version.
 */
#ifndef MCPR_HTTP_NAMES_H
#define MCPR_HTTP_NAMES_H

#include "mod_mcp_registry/http/path.h"

/**
 * The registry's name out of its segment. NULL when all is well and *name is set, else the text of a 400.
 */
const char *mcpr_registry_name_read(const char **name, const mcpr_segment *segment, apr_pool_t *pool);

/** The server's name: decoded a second time where `path` is canonical (Q7), trimmed, checked. As above. */
const char *mcpr_server_name_read(const char **name, const mcpr_path *path, const mcpr_segment *segment,
                                  apr_pool_t *pool);

/** The version: decoded like a server's name, otherwise taken as it is. As above. */
const char *mcpr_version_read(const char **version, const mcpr_path *path, const mcpr_segment *segment,
                              apr_pool_t *pool);

#endif
