/*
 * Routes: one table each for the API and for operations, readable as documentation.
 */
#ifndef MCPR_ROUTER_H
#define MCPR_ROUTER_H

#include "mod_mcp_registry/http/request.h"
#include "mod_mcp_registry/mounts.h"

/** Answers a request to the API of `instance`; `mounts` are those of its server. */
int mcpr_route_api(request_rec *r, const mcpr_instance *instance, const mcpr_mounts *mounts);

/** Answers a request to the operations listener. `instance` is NULL where no registry is configured. */
int mcpr_route_operations(request_rec *r, const mcpr_instance *instance, const mcpr_mounts *mounts);

/** Answers 400 to a request to the API that is refused before it is routed: its path holds a NUL. */
int mcpr_route_refuse_nul(request_rec *r, const mcpr_instance *instance);

#endif
