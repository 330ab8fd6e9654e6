/* The documents, made out of the embedded texts. */
#include "mod_mcp_registry/openapi/documents.h"

#include "common/config/yaml.h"
#include "common/model/json_text.h"
#include "mod_mcp_registry/openapi/texts.h"
#include <string.h>

#define YAML_TYPE "application/yaml"
#define JSON_TYPE "application/json"
#define HTML_TYPE "text/html; charset=utf-8"

/* The text as compact JSON in `pool`; NULL when it is no YAML. */
static const char *as_json(const char *yaml, apr_pool_t *pool)
{
    apr_pool_t *scratch;
    apr_pool_create(&scratch, pool);
    const mcpr_node *tree =
        mcpr_yaml_parse(yaml, strlen(yaml), "openapi", mcpr_problems_create(scratch, 1), scratch);
    mcpr_json_text text = mcpr_json_text_create(pool);

    if (tree) {
        json_t *json = mcpr_node_json(tree);
        mcpr_json_render(&text, json);
        mcpr_json_append(&text, "\n", 2); /* and its end */
        json_decref(json);
    }
    apr_pool_destroy(scratch);
    return text.data;
}

apr_status_t mcpr_documents_make(const mcpr_documents **made, apr_pool_t *pool)
{
    mcpr_documents *documents = apr_pcalloc(pool, sizeof(*documents));
    const char *consumer = as_json(mcpr_text_consumer_yaml, pool);
    const char *server = as_json(mcpr_text_server_yaml, pool);

    if (!consumer || !server) {
        return APR_EGENERAL;
    }
    mcpr_document_make(&documents->consumer_yaml, YAML_TYPE, mcpr_text_consumer_yaml, pool);
    mcpr_document_make(&documents->consumer_json, JSON_TYPE, consumer, pool);
    mcpr_document_make(&documents->server_yaml, YAML_TYPE, mcpr_text_server_yaml, pool);
    mcpr_document_make(&documents->server_json, JSON_TYPE, server, pool);
    mcpr_document_make(&documents->root, HTML_TYPE, mcpr_text_root_html, pool);
    *made = documents;
    return APR_SUCCESS;
}
