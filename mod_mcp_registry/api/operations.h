/*
 * The operations listener (spec observability.md 8).
 */
#ifndef MCPR_API_OPERATIONS_H
#define MCPR_API_OPERATIONS_H

#include "mod_mcp_registry/http/request.h"

/** GET /health: this process answers. GET /readiness: PostgreSQL does, and has our schema. GET /version. */
mcpr_handler mcpr_operations_health, mcpr_operations_readiness, mcpr_operations_version;

#endif
