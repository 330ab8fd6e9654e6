/*
 * POST /registry/{registryName}/v0.1/validate: could this document be published? (spec README decision 8)
 */
#ifndef MCPR_API_VALIDATE_H
#define MCPR_API_VALIDATE_H

#include "mod_mcp_registry/http/request.h"

/**
 * The body is one bare server.json. 200 with {"valid", "issues"} whatever its faults are; 400 when it is no
 * JSON, 413 when it is too large. Nothing is stored.
 */
mcpr_handler mcpr_validate;

#endif
