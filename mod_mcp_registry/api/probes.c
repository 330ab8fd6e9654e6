/* Probes under a registry's root. */
#include "mod_mcp_registry/api/probes.h"

#include "common/util/build_info.h"
#include "mod_mcp_registry/api/registry.h"
#include "mod_mcp_registry/http/respond.h"

/* Answers `object` if the registry is there; takes over the reference. */
static int answer(mcpr_request *q, json_t *object)
{
    int rc;

    if (mcpr_registry_found(q, &rc)) {
        return mcpr_respond_json(q->r, object);
    }
    json_decref(object);
    return rc;
}

int mcpr_probe_ping(mcpr_request *q)
{
    return answer(q, json_pack("{s:b}", "pong", 1));
}

int mcpr_probe_health(mcpr_request *q)
{
    return answer(q, json_pack("{s:s}", "status", "ok"));
}

int mcpr_probe_version(mcpr_request *q)
{
    return answer(q, json_pack("{s:s,s:s,s:s}", "version", mcpr_version, "git_commit", mcpr_commit,
                               "build_time", mcpr_build_date));
}
