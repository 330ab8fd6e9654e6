/*
 * The registry that a route is about, for handlers that need to know no more than that it is there.
 */
#ifndef MCPR_API_REGISTRY_H
#define MCPR_API_REGISTRY_H

#include "mod_mcp_registry/http/request.h"

/**
 * Looks up the registry that the first parameter names. Non-zero when it is there; otherwise the request has
 * been answered (400, 404, 503), and *rc is what the handler shall return.
 */
int mcpr_registry_found(mcpr_request *q, int *rc);

#endif
