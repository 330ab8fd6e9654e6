/* Probes under a registry's root. */
#include "mod_mcp_registry/api/probes.h"

#include "common/util/build_info.h"
#include "mod_mcp_registry/http/names.h"
#include "mod_mcp_registry/http/respond.h"

/* Answers `object` if the registry is there; takes over the reference. */
static int answer(mcpr_request *q, json_t *object)
{
    const char *registry;
    mcpr_registry_facts facts;
    mcpr_store_status status = MCPR_STORE_OK;
    const char *wrong = mcpr_registry_name_read(&registry, q->parameters[0], q->r->pool);

    if (!wrong) {
        status = mcpr_catalog_registry(q->instance->store, registry, &facts, q->r->pool);
        if (status == MCPR_STORE_OK && facts.known) {
            return mcpr_respond_json(q->r, object);
        }
    }
    json_decref(object);
    if (wrong) {
        return mcpr_respond_error(q->r, HTTP_BAD_REQUEST, wrong);
    }
    return status != MCPR_STORE_OK ? mcpr_respond_store_error(q->r, status)
                                   : mcpr_respond_error(q->r, HTTP_NOT_FOUND, "registry not found");
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
