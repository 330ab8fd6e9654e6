/* Whether a registry is there. */
#include "mod_mcp_registry/api/registry.h"

#include "mod_mcp_registry/http/names.h"
#include "mod_mcp_registry/http/respond.h"

int mcpr_registry_found(mcpr_request *q, int *rc)
{
    const char *registry;
    mcpr_registry_facts facts;
    const char *wrong = mcpr_registry_name_read(&registry, q->parameters[0], q->r->pool);

    if (wrong) {
        *rc = mcpr_respond_error(q->r, HTTP_BAD_REQUEST, wrong);
        return 0;
    }
    mcpr_store_status status = mcpr_catalog_registry(q->instance->store, registry, &facts, q->r->pool);
    if (status != MCPR_STORE_OK) {
        *rc = mcpr_respond_store_error(q->r, status);
        return 0;
    }
    if (!facts.known) {
        *rc = mcpr_respond_error(q->r, HTTP_NOT_FOUND, "registry not found");
        return 0;
    }
    return 1;
}
