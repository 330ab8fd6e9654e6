/* The older surface. */
#include "mod_mcp_registry/api/older.h"

#include "mod_mcp_registry/api/servers.h"
#include "mod_mcp_registry/http/names.h"
#include "mod_mcp_registry/http/respond.h"
#include <apr_strings.h>
#include <string.h>

static const mcpr_scope everything = {NULL, NULL, 0};

int mcpr_older_list(mcpr_request *q)
{
    return mcpr_servers_answer_list(q, everything);
}

int mcpr_older_versions(mcpr_request *q)
{
    return mcpr_servers_answer_versions(q, everything, 0);
}

int mcpr_older_version(mcpr_request *q)
{
    return mcpr_servers_answer_version(q, everything, 0);
}

int mcpr_older_publish_anywhere(mcpr_request *q)
{
    return mcpr_respond_error(q->r, HTTP_NOT_IMPLEMENTED,
                              "Publishing servers via this endpoint is not supported. Use "
                              "/{registryName}/v0.1/publish endpoint instead");
}

/* What the older surface called a registry of such a first source. */
static const char *older_type(const char *source_type)
{
    static const char *const names[][2] = {
        {"git",        "REMOTE"    },
        {"api",        "REMOTE"    },
        {"file",       "FILE"      },
        {"kubernetes", "KUBERNETES"}
    };
    for (size_t i = 0; source_type && i < sizeof(names) / sizeof(*names); i++) {
        if (strcmp(source_type, names[i][0]) == 0) {
            return names[i][1];
        }
    }
    return "MANAGED";
}

/* Only a registry with the managed source takes writes. */
static int write_to(mcpr_request *q)
{
    const char *registry;
    const char *wrong = mcpr_registry_name_read(&registry, q->parameters[0], q->r->pool);
    if (wrong) {
        return mcpr_respond_error(q->r, HTTP_BAD_REQUEST, wrong);
    }
    mcpr_registry_facts facts;
    mcpr_store_status status = mcpr_catalog_registry(q->instance->store, registry, &facts, q->r->pool);
    if (status != MCPR_STORE_OK) {
        return mcpr_respond_store_error(q->r, status);
    }
    if (!facts.known) {
        return mcpr_respond_error(q->r, HTTP_NOT_FOUND,
                                  apr_pstrcat(q->r->pool, "registry not found: ", registry, NULL));
    }
    if (!facts.managed) {
        return mcpr_respond_error(q->r, HTTP_FORBIDDEN,
                                  apr_pstrcat(q->r->pool, "registry is not managed: registry ", registry,
                                              " has type ", older_type(facts.first_source_type), NULL));
    }
    return mcpr_respond_error(q->r, HTTP_NOT_IMPLEMENTED, "this version of the server does not take writes");
}

int mcpr_older_publish(mcpr_request *q)
{
    return write_to(q);
}

int mcpr_older_delete(mcpr_request *q)
{
    const char *name, *version;
    const char *wrong = mcpr_server_name_read(&name, &q->path, q->parameters[1], q->r->pool);
    if (!wrong) {
        wrong = mcpr_version_read(&version, &q->path, q->parameters[2], q->r->pool);
    }
    return wrong ? mcpr_respond_error(q->r, HTTP_BAD_REQUEST, wrong) : write_to(q);
}
