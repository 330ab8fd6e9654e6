/*
 * What clients of the official registry ask of a registry's root (spec README decision 8).
 */
#ifndef MCPR_API_PROBES_H
#define MCPR_API_PROBES_H

#include "mod_mcp_registry/http/request.h"

/** GET /v0.1/ping, /v0.1/health and /v0.1/version; 404 for an unknown registry. */
mcpr_handler mcpr_probe_ping, mcpr_probe_health, mcpr_probe_version;

#endif
