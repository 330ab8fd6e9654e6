/*
 * Reading an endpoint's description of itself.
 */
#include "thv-syncd/sources/api_probe.h"
#include "common/config/yaml.h"
#include "common/util/utf8.h"
#include <apr_strings.h>
#include <string.h>

#define SPECIFICATION "https://github.com/modelcontextprotocol/registry"
#define VERSION       "1.0.0"
#define LIST_PATH     "/v0.1/servers"
#define PARAMETERS    "#/components/parameters/"
#define SHOWN_BYTES   512

/* NULL: there is none, or `map` is none. */
static const mcpr_node *member(const mcpr_node *map, const char *name)
{
    const mcpr_entry *entry =
        map && map->kind == MCPR_NODE_MAP ? mcpr_node_member(map, name, strlen(name)) : NULL;

    return entry ? entry->value : NULL;
}

/* A member that has to be a text, NULL after a complaint. */
static const char *text_of(const mcpr_node *info, const char *name, const char **complaint, apr_pool_t *pool)
{
    const mcpr_node *value = member(info, name);

    if (value && value->kind == MCPR_NODE_SCALAR && value->scalar.type == MCPR_SCALAR_TEXT) {
        return apr_pstrmemdup(pool, value->scalar.text, value->scalar.len);
    }
    *complaint = apr_psprintf(pool, "info.%s is not a text", name);
    return NULL;
}

static const char *complaint_about(const mcpr_node *root, apr_pool_t *pool)
{
    const mcpr_node *info = member(root, "info");
    const char *complaint = NULL, *version, *description;

    if (!info || info->kind != MCPR_NODE_MAP) {
        return "it has no map info";
    }
    version = text_of(info, "version", &complaint, pool);
    if (version && strcmp(version, VERSION) != 0) {
        return "info.version is not " VERSION;
    }
    description = version ? text_of(info, "description", &complaint, pool) : NULL;
    if (description && !strstr(description, SPECIFICATION)) {
        return "info.description does not name " SPECIFICATION;
    }
    return complaint;
}

static int is_text(const mcpr_node *node, const char *text)
{
    return node && node->kind == MCPR_NODE_SCALAR && node->scalar.len == strlen(text) &&
           memcmp(node->scalar.text, text, node->scalar.len) == 0;
}

/* A parameter, or what it refers to among the document's own. */
static const mcpr_node *resolved(const mcpr_node *root, const mcpr_node *parameter)
{
    const mcpr_node *reference = member(parameter, "$ref");
    const apr_size_t skip = sizeof PARAMETERS - 1;

    if (!reference) {
        return parameter;
    }
    if (reference->kind != MCPR_NODE_SCALAR || reference->scalar.len <= skip ||
        memcmp(reference->scalar.text, PARAMETERS, skip) != 0) {
        return NULL;
    }
    return member(member(member(root, "components"), "parameters"), reference->scalar.text + skip);
}

static int has_parameter(const mcpr_node *root, const mcpr_node *parameters, const char *name)
{
    for (int i = 0; parameters && parameters->kind == MCPR_NODE_LIST && i < mcpr_node_count(parameters);
         i++) {
        if (is_text(member(resolved(root, mcpr_node_item(parameters, i)), "name"), name)) {
            return 1;
        }
    }
    return 0;
}

mcpr_api_description mcpr_api_description_read(const char *yaml, apr_size_t len, apr_pool_t *pool)
{
    mcpr_problems *problems = mcpr_problems_create(pool, 1);
    const mcpr_node *root = mcpr_yaml_parse(yaml, len, "openapi.yaml", problems, pool), *parameters;
    mcpr_api_description description = {NULL, 0};

    if (!root) {
        const char *text = mcpr_problems_text(problems, "not YAML", pool);

        description.complaint = mcpr_utf8_clean(text, strlen(text), SHOWN_BYTES, pool);
        return description;
    }
    description.complaint = complaint_about(root, pool);
    parameters = member(member(member(member(root, "paths"), LIST_PATH), "get"), "parameters");
    description.tells_changes = has_parameter(root, parameters, "updated_since") &&
                                has_parameter(root, parameters, "include_deleted");
    return description;
}
