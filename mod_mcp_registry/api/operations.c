/* Health, readiness, version. */
#include "mod_mcp_registry/api/operations.h"

#include "common/util/build_info.h"
#include "mod_mcp_registry/http/respond.h"
#include "mod_mcp_registry/module.h"
#include <apr_strings.h>
#include <ctype.h>
#include <http_log.h>
#include <sys/utsname.h>

APLOG_USE_MODULE(mcp_registry);

/* Whoever asks gives up soon; an answer that comes later is none. */
#define READY_WITHIN apr_time_from_sec(2)

int mcpr_operations_health(mcpr_request *q)
{
    return mcpr_respond_json(q->r, json_pack("{s:s}", "status", "healthy"));
}

int mcpr_operations_readiness(mcpr_request *q)
{
    const mcpr_instance *instance = q->instance;
    const char *missing = mcpr_instance_missing(instance);
    if (missing || mcpr_pool_check(instance->store, READY_WITHIN, q->r->pool) != MCPR_STORE_OK) {
        ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, q->r, "Readiness check failed: %s",
                      missing ? missing : "PostgreSQL");
        return mcpr_respond_error(q->r, HTTP_SERVICE_UNAVAILABLE, "service not ready");
    }
    return mcpr_respond_json(q->r, json_pack("{s:s}", "status", "ready"));
}

/* "linux/x86_64" */
static const char *platform(apr_pool_t *pool)
{
    struct utsname u;
    if (uname(&u) != 0) {
        return "unknown";
    }
    for (char *s = u.sysname; *s; s++) {
        *s = (char)tolower((unsigned char)*s);
    }
    return apr_pstrcat(pool, u.sysname, "/", u.machine, NULL);
}

int mcpr_operations_version(mcpr_request *q)
{
    return mcpr_respond_json(q->r, json_pack("{s:s,s:s,s:s,s:s,s:s}", "version", mcpr_version, "commit",
                                             mcpr_commit, "build_date", mcpr_build_date, "go_version",
                                             mcpr_compiler, "platform", platform(q->r->pool)));
}
