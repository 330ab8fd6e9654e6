/*
 * The older surface (spec api-registry.md, "Older surface"): reads over all registries together, and
 * publishing and deleting through a registry's own routes.
 */
#ifndef MCPR_API_OLDER_H
#define MCPR_API_OLDER_H

#include "mod_mcp_registry/http/request.h"

/** GET /registry/v0.1/servers…: all registries as one catalog. */
mcpr_handler mcpr_older_list, mcpr_older_versions, mcpr_older_version;

/** POST /registry/v0.1/publish: never possible there. */
mcpr_handler mcpr_older_publish_anywhere;

/** POST …/publish and DELETE …/versions/{version} of a registry: possible where it holds the managed source.
 */
mcpr_handler mcpr_older_publish, mcpr_older_delete;

#endif
