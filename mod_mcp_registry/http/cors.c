/* CORS headers. */
#include "mod_mcp_registry/http/cors.h"

#include "mod_mcp_registry/http/respond.h"
#include <apr_strings.h>
#include <string.h>

#define REQUEST_HEADERS  "Authorization, MCP-Protocol-Version, If-None-Match, Content-Type"
#define RESPONSE_HEADERS "ETag, Link"
#define PREFLIGHT_AGE    "86400"

/* What Access-Control-Allow-Origin says to this request, NULL for nothing. */
static const char *allowed_origin(mcpr_request *q, const apr_array_header_t *origins)
{
    const char *origin = apr_table_get(q->r->headers_in, "Origin");

    for (int i = 0; i < origins->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(origins, i, const char *), "*") == 0) {
            return "*";
        }
    }
    apr_table_mergen(q->r->err_headers_out, "Vary", "Origin");
    for (int i = 0; origin && i < origins->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(origins, i, const char *), origin) == 0) {
            return origin;
        }
    }
    return NULL;
}

void mcpr_cors_headers(mcpr_request *q)
{
    const mcpr_config_api_surface *api = &q->instance->config->api;
    const char *origin = api->cors_enabled ? allowed_origin(q, api->cors_allowed_origins) : NULL;

    mcpr_respond_common_headers(q, api->cors_enabled ? "cross-origin" : "same-origin");
    if (origin) {
        apr_table_setn(q->r->err_headers_out, "Access-Control-Allow-Origin", origin);
        apr_table_setn(q->r->err_headers_out, "Access-Control-Expose-Headers", RESPONSE_HEADERS);
    }
}

int mcpr_cors_options(mcpr_request *q)
{
    apr_table_t *headers = q->r->headers_out;
    apr_table_setn(headers, "Allow", q->allow);
    if (apr_table_get(q->r->err_headers_out, "Access-Control-Allow-Origin")) {
        apr_table_setn(headers, "Access-Control-Allow-Methods", q->any_origin);
        apr_table_setn(headers, "Access-Control-Allow-Headers", REQUEST_HEADERS);
        apr_table_setn(headers, "Access-Control-Max-Age", PREFLIGHT_AGE);
    }
    return mcpr_respond_no_content(q->r);
}
