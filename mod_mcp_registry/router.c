/*
 * Matching goes by the path that access was decided on, segment by segment, each decoded once (spec
 * api-registry.md 3, README decision 16). The first row that fits wins; a segment in braces fits anything, an
 * empty one too, which its handler then complains of.
 */
#include "mod_mcp_registry/router.h"

#include "mod_mcp_registry/api/describe.h"
#include "mod_mcp_registry/api/older.h"
#include "mod_mcp_registry/api/operations.h"
#include "mod_mcp_registry/api/probes.h"
#include "mod_mcp_registry/api/root.h"
#include "mod_mcp_registry/api/servers.h"
#include "mod_mcp_registry/api/validate.h"
#include "mod_mcp_registry/http/cors.h"
#include "mod_mcp_registry/http/params.h"
#include "mod_mcp_registry/http/read_body.h"
#include "mod_mcp_registry/http/respond.h"
#include <apr_strings.h>
#include <string.h>

/* What else is to be known of a route. */
enum {
    OLDER = 1, /* belongs to the surface that api.olderSurface turns off */
    BODY = 2,  /* the handler reads the request's body; it is thrown away otherwise */
    SAFE = 4   /* changes nothing though it is no GET: pages of other origins may send it */
};

typedef struct route {
    const char *method; /* GET answers HEAD too */
    const char *pattern;
    mcpr_handler *handler;
    int flags;
} route;

/* A row is a line. */
/* clang-format off */
static const route api_routes[] = {
    {"GET",    "/registry/{registryName}/v0.1/servers",                                 mcpr_servers_list,           0          },
    {"GET",    "/registry/{registryName}/v0.1/servers/{serverName}/versions",           mcpr_servers_versions,       0          },
    {"GET",    "/registry/{registryName}/v0.1/servers/{serverName}/versions/{version}", mcpr_servers_version,        0          },
    {"POST",   "/registry/{registryName}/v0.1/validate",                                mcpr_validate,               BODY | SAFE},
    {"GET",    "/registry/{registryName}/v0.1/ping",                                    mcpr_probe_ping,             0          },
    {"GET",    "/registry/{registryName}/v0.1/health",                                  mcpr_probe_health,           0          },
    {"GET",    "/registry/{registryName}/v0.1/version",                                 mcpr_probe_version,          0          },
    {"GET",    "/registry/{registryName}/openapi.yaml",                                 mcpr_describe_registry_yaml, 0          },
    {"GET",    "/registry/{registryName}/openapi.json",                                 mcpr_describe_registry_json, 0          },

    {"GET",    "/openapi.yaml",                                                         mcpr_describe_server_yaml,   0          },
    {"GET",    "/openapi.json",                                                         mcpr_describe_server_json,   0          },
    {"GET",    "/",                                                                     mcpr_root_page,              0          },
    {"GET",    "",                                                                      mcpr_root_redirect,          0          },

    {"GET",    "/registry/v0.1/servers",                                                mcpr_older_list,             OLDER      },
    {"GET",    "/registry/v0.1/servers/{serverName}/versions",                          mcpr_older_versions,         OLDER      },
    {"GET",    "/registry/v0.1/servers/{serverName}/versions/{version}",                mcpr_older_version,          OLDER      },
    {"POST",   "/registry/v0.1/publish",                                                mcpr_older_publish_anywhere, OLDER      },
    {"POST",   "/registry/{registryName}/v0.1/publish",                                 mcpr_older_publish,          OLDER      },
    {"DELETE", "/registry/{registryName}/v0.1/servers/{serverName}/versions/{version}", mcpr_older_delete,           OLDER      },
    {NULL,     NULL,                                                                    NULL,                        0          },
};
/* clang-format on */

static const route operations_routes[] = {
    {"GET", "/health",    mcpr_operations_health,    0},
    {"GET", "/readiness", mcpr_operations_readiness, 0},
    {"GET", "/version",   mcpr_operations_version,   0},
    {NULL,  NULL,         NULL,                      0},
};

/* Whether the path behind its prefix fits the pattern; the parameters go to q. */
static int fits(mcpr_request *q, const char *pattern, int prefix)
{
    int parameters = 0, i = prefix;

    for (const char *s = pattern; *s; i++) {
        apr_size_t len = strcspn(++s, "/");
        if (i >= q->path.count) {
            return 0;
        }
        const mcpr_segment *segment = &q->path.segments[i];
        if (*s == '{') {
            if (segment->len == 0 && i == q->path.count - 1) {
                return 0; /* a slash at the end is no parameter */
            }
            q->parameters[parameters++] = segment;
        } else if (segment->len != len || memcmp(segment->text, s, len) != 0) {
            return 0;
        }
        s += len;
    }
    return i == q->path.count;
}

static int is_method(const request_rec *r, const char *method)
{
    return strcmp(r->method, method) == 0 || (strcmp(method, "GET") == 0 && strcmp(r->method, "HEAD") == 0);
}

/* The row for the request. With *allow set and no row, the path is known but not with this method. */
static const route *find(mcpr_request *q, const route *table, int prefix, int with_older)
{
    const route *found = NULL;
    const char *allow = NULL, *any_origin = NULL;
    apr_pool_t *pool = q->r->pool;

    for (const route *row = table; row->method; row++) {
        if ((row->flags & OLDER && !with_older) || !fits(q, row->pattern, prefix)) {
            continue;
        }
        int is_get = strcmp(row->method, "GET") == 0;
        const char *methods = is_get ? "GET, HEAD, " : apr_pstrcat(pool, row->method, ", ", NULL);
        allow = apr_pstrcat(pool, allow ? allow : "", methods, NULL);
        if (is_get || row->flags & SAFE) {
            any_origin = apr_pstrcat(pool, any_origin ? any_origin : "", methods, NULL);
        }
        if (!found && is_method(q->r, row->method)) {
            found = row;
        }
    }
    q->allow = allow ? apr_pstrcat(pool, allow, "OPTIONS", NULL) : NULL;
    q->any_origin = apr_pstrcat(pool, any_origin ? any_origin : "", "OPTIONS", NULL);
    if (found) {
        (void)fits(q, found->pattern, prefix); /* its own parameters, not those of a later row */
    }
    return found;
}

static int dispatch(mcpr_request *q, const route *row)
{
    if (row) {
        return row->handler(q);
    }
    if (!q->allow) {
        return mcpr_respond_error(q->r, HTTP_NOT_FOUND, "not found: there is no such route");
    }
    if (q->r->method_number == M_OPTIONS) {
        return mcpr_cors_options(q);
    }
    apr_table_setn(q->r->err_headers_out, "Allow", q->allow);
    return mcpr_respond_error(q->r, HTTP_METHOD_NOT_ALLOWED, "method not allowed");
}

static mcpr_request *make_request(request_rec *r, const mcpr_instance *instance)
{
    mcpr_request *q = apr_pcalloc(r->pool, sizeof(*q));
    q->r = r;
    q->instance = instance;
    return q;
}

static int answer(mcpr_request *q, const route *table, const mcpr_mounts *mounts, int with_older)
{
    request_rec *r = q->r;
    int prefix = MCPR_NOT_MOUNTED;

    if (mcpr_path_read(&q->path, r->unparsed_uri, r->uri, r->pool) == APR_SUCCESS) {
        prefix = mcpr_mounts_prefix(mounts, r, &q->path);
    }
    const route *row = prefix == MCPR_NOT_MOUNTED ? NULL : find(q, table, prefix, with_older);

    int rc = OK;
    if (!(row && row->flags & BODY) && !mcpr_body_discard(q, &rc)) {
        return rc;
    }
    return dispatch(q, row);
}

int mcpr_route_api(request_rec *r, const mcpr_instance *instance, const mcpr_mounts *mounts)
{
    mcpr_request *q = make_request(r, instance);

    mcpr_cors_headers(q);
    return answer(q, api_routes, mounts, instance->config->api.older_surface);
}

int mcpr_route_operations(request_rec *r, const mcpr_instance *instance, const mcpr_mounts *mounts)
{
    return answer(make_request(r, instance), operations_routes, mounts, 0);
}

int mcpr_route_refuse_nul(request_rec *r, const mcpr_instance *instance)
{
    mcpr_cors_headers(make_request(r, instance));
    return mcpr_respond_error(r, HTTP_BAD_REQUEST, MCPR_BAD_ENCODING);
}
