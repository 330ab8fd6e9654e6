/*
 * The documents that describe the API (spec README decision 8, api-registry.md 9).
 */
#ifndef MCPR_API_DESCRIBE_H
#define MCPR_API_DESCRIBE_H

#include "mod_mcp_registry/http/request.h"

/** GET /registry/{registryName}/openapi.yaml and .json: one registry; 404 for an unknown one. */
mcpr_handler mcpr_describe_registry_yaml, mcpr_describe_registry_json;

/** GET /openapi.yaml and .json: everything. The database is not asked. */
mcpr_handler mcpr_describe_server_yaml, mcpr_describe_server_json;

#endif
