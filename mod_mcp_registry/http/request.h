/*
 * A request to the registry as its handlers see it.
 */
#ifndef MCPR_HTTP_REQUEST_H
#define MCPR_HTTP_REQUEST_H

#include "mod_mcp_registry/http/path.h"
#include "mod_mcp_registry/instance.h"
#include <httpd.h>

#define MCPR_MAX_PARAMETERS 4

/** Lives in r->pool, as does everything that hangs on it. */
typedef struct mcpr_request {
    request_rec *r;
    const mcpr_instance *instance;
    mcpr_path path;
    const mcpr_segment *parameters[MCPR_MAX_PARAMETERS]; /* the segments that stand for {…}, in order */
    const char *allow;                                   /* methods of the route, "GET, HEAD, OPTIONS" */
    const char *any_origin;                              /* those that other origins' pages may use */
} mcpr_request;

/** Handlers return what httpd's handler hook returns; the response has been sent, errors included, when it is
 * OK. */
typedef int mcpr_handler(mcpr_request *q);

#endif
