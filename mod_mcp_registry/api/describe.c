/* The API's description. */
#include "mod_mcp_registry/api/describe.h"

#include "mod_mcp_registry/api/registry.h"
#include "mod_mcp_registry/http/respond.h"
#include "mod_mcp_registry/openapi/documents.h"

static int describe_registry(mcpr_request *q, const mcpr_document *document)
{
    int rc;
    return mcpr_registry_found(q, &rc) ? mcpr_respond_document(q, document) : rc;
}

int mcpr_describe_registry_yaml(mcpr_request *q)
{
    return describe_registry(q, &q->instance->documents->consumer_yaml);
}

int mcpr_describe_registry_json(mcpr_request *q)
{
    return describe_registry(q, &q->instance->documents->consumer_json);
}

int mcpr_describe_server_yaml(mcpr_request *q)
{
    return mcpr_respond_document(q, &q->instance->documents->server_yaml);
}

int mcpr_describe_server_json(mcpr_request *q)
{
    return mcpr_respond_document(q, &q->instance->documents->server_json);
}
