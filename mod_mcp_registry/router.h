/*
 * Routes: one table each for the API and for operations, readable as documentation.
 */
#ifndef MCPR_ROUTER_H
#define MCPR_ROUTER_H

#include "mod_mcp_registry/http/request.h"

/** Answers a request to the API; `prefix` segments of its path belong to the mount. */
int mcpr_route_api(request_rec *r, const mcpr_instance *instance, int prefix);

/** Answers a request to the operations listener. `instance` is NULL where no registry is configured. */
int mcpr_route_operations(request_rec *r, const mcpr_instance *instance, int prefix);

#endif
