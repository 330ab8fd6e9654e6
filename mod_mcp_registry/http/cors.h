/*
 * Cross-origin access to the consumer API (the Fetch standard; spec README decision 7).
 */
#ifndef MCPR_HTTP_CORS_H
#define MCPR_HTTP_CORS_H

#include "mod_mcp_registry/http/request.h"

/** Sets the headers that let another origin's page read the response, if the configuration allows it. */
void mcpr_cors_headers(mcpr_request *q);

/** Answers OPTIONS: 204 with Allow, and with what a preflight asks for. */
int mcpr_cors_options(mcpr_request *q);

#endif
