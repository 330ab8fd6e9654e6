/* mod_mcp_registry: the module record and its hooks, nothing else. */
#include "mod_mcp_registry/module.h"

#include "mod_mcp_registry/api/status.h"
#include "mod_mcp_registry/directives.h"
#include "mod_mcp_registry/http/read_body.h"
#include "mod_mcp_registry/http/respond.h"
#include "mod_mcp_registry/instance.h"
#include "mod_mcp_registry/log/access_line.h"
#include "mod_mcp_registry/log/request_id.h"
#include "mod_mcp_registry/mounts.h"
#include "mod_mcp_registry/router.h"
#include <apr_strings.h>
#include <http_config.h>
#include <http_core.h>
#include <http_log.h>
#include <http_main.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mod_status.h>
#include <mpm_common.h>

APLOG_USE_MODULE(mcp_registry);

static int pre_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)plog;
    (void)ptemp;
    mcpr_access_line_register(pconf);
    return OK;
}

/* Everything that can be wrong is found here, where `apachectl configtest` comes by too. */
static int check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    (void)plog;
    (void)ptemp;
    return mcpr_instances_load(s, pconf) == APR_SUCCESS ? OK : HTTP_INTERNAL_SERVER_ERROR;
}

static int post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    (void)plog;
    (void)ptemp;
    json_object_seed(0);
    for (server_rec *server = s; server; server = server->next) {
        mcpr_settings_of(server)->mounts = mcpr_mounts_find(server, pconf);
    }
    mcpr_instances_share(s, pconf);
    return OK;
}

static void child_init(apr_pool_t *pchild, server_rec *s)
{
    mcpr_request_id_start_child();
    mcpr_instances_start_child(s, pchild);
}

/* A read that waits for a PostgreSQL which does not answer must not hold up the end of this process: httpd
 * kills it after some seconds. Requests of a graceful stop are finished, within their own limits. */
#if AP_MODULE_MAGIC_AT_LEAST(20120211, 110)
static void child_stopping(apr_pool_t *pchild, int graceful)
{
    (void)pchild;
    if (!graceful) {
        mcpr_instances_stop_child(ap_server_conf);
    }
}
#endif

/* httpd answers a %00 in a path with 404 before any other hook; ours is a 400 that says why. */
static int refuse_nul(request_rec *r, int lookup)
{
    const mcpr_settings *settings = mcpr_settings_of(r->server);
    mcpr_path path;

    if (lookup || !settings->instance || !r->unparsed_uri || !strstr(r->unparsed_uri, "%00") ||
        mcpr_path_parse(&path, r->unparsed_uri, r->pool) != APR_SUCCESS ||
        !mcpr_mounts_cover(settings->mounts, r, &path)) {
        return DECLINED;
    }
    for (int i = 0; i < path.count; i++) {
        if (strlen(path.segments[i].text) != path.segments[i].len) {
            return mcpr_route_refuse_nul(r, settings->instance);
        }
    }
    return DECLINED;
}

/* The id is known from here on, so that ErrorLogFormat can show it. Redirected requests come by here too. */
static int name_request(request_rec *r)
{
    if (mcpr_settings_of(r->server)->instance) {
        (void)mcpr_request_id(r);
    }
    return DECLINED;
}

static int is_ours(const char *handler)
{
    return handler &&
           (strcmp(handler, MCPR_HANDLER_API) == 0 || strcmp(handler, MCPR_HANDLER_OPERATIONS) == 0);
}

/* Marks a request that is ours while its location is known: the walk that map_to_storage replaces forgets it.
 */
static int mark(request_rec *r)
{
    if (is_ours(mcpr_mounts_handler(r))) {
        ap_set_module_config(r->request_config, &mcp_registry_module, (void *)MCPR_HANDLER_API);
    }
    return DECLINED;
}

/* No file stands behind our paths, so none is looked for; <Location> rules apply as ever. */
static int skip_files(request_rec *r)
{
    return ap_get_module_config(r->request_config, &mcp_registry_module) ? OK : DECLINED;
}

static int handle(request_rec *r)
{
    const mcpr_settings *settings = mcpr_settings_of(r->server);

    if (!is_ours(r->handler)) {
        return DECLINED;
    }
    if (strcmp(r->handler, MCPR_HANDLER_OPERATIONS) == 0) {
        return mcpr_route_operations(r, settings->instance, settings->mounts);
    }
    const char *missing = mcpr_instance_missing(settings->instance);
    if (missing) {
        ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "SetHandler " MCPR_HANDLER_API ": %s", missing);
        return mcpr_respond_error(r, HTTP_SERVICE_UNAVAILABLE,
                                  settings->instance ? "service unavailable: the registry could not start"
                                                     : "no registry is configured here");
    }
    return mcpr_route_api(r, settings->instance, settings->mounts);
}

static void register_hooks(apr_pool_t *pool)
{
    (void)pool;
    mcpr_body_register();
    ap_hook_pre_config(pre_config, NULL, NULL, APR_HOOK_MIDDLE); /* mod_log_config's own is the very first */
    ap_hook_check_config(check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(post_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(child_init, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_read_request(name_request, NULL, NULL, APR_HOOK_FIRST);
#if AP_MODULE_MAGIC_AT_LEAST(20120211, 110)
    ap_hook_child_stopping(child_stopping, NULL, NULL, APR_HOOK_MIDDLE);
#endif
    ap_hook_quick_handler(refuse_nul, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_translate_name(mark, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_map_to_storage(skip_files, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_handler(handle, NULL, NULL, APR_HOOK_MIDDLE);
    APR_OPTIONAL_HOOK(ap, status_hook, mcpr_status_hook, NULL, NULL, APR_HOOK_MIDDLE);
}

module AP_MODULE_DECLARE_DATA mcp_registry_module = {
    STANDARD20_MODULE_STUFF, NULL,           NULL, mcpr_settings_create, mcpr_settings_merge,
    mcpr_directives,         register_hooks,
#if defined(AP_MODULE_FLAG_NONE)
    AP_MODULE_FLAG_NONE,
#endif
};
