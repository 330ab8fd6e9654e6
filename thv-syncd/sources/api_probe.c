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
#define SHOWN_BYTES   512

/* A member that has to be a text, NULL after a complaint. */
static const char *text_of(const mcpr_node *info, const char *name, const char **complaint, apr_pool_t *pool)
{
    const mcpr_entry *member = mcpr_node_member(info, name, strlen(name));
    const mcpr_node *value = member ? member->value : NULL;

    if (value && value->kind == MCPR_NODE_SCALAR && value->scalar.type == MCPR_SCALAR_TEXT) {
        return apr_pstrmemdup(pool, value->scalar.text, value->scalar.len);
    }
    *complaint = apr_psprintf(pool, "info.%s is not a text", name);
    return NULL;
}

const char *mcpr_api_description_complaint(const char *yaml, apr_size_t len, apr_pool_t *pool)
{
    mcpr_problems *problems = mcpr_problems_create(pool, 1);
    const mcpr_node *root = mcpr_yaml_parse(yaml, len, "openapi.yaml", problems, pool);
    const mcpr_entry *info = root && root->kind == MCPR_NODE_MAP ? mcpr_node_member(root, "info", 4) : NULL;
    const char *complaint = NULL, *version, *description;

    if (!root) {
        const char *text = mcpr_problems_text(problems, "not YAML", pool);

        return mcpr_utf8_clean(text, strlen(text), SHOWN_BYTES, pool);
    }
    if (!info || info->value->kind != MCPR_NODE_MAP) {
        return "it has no map info";
    }
    version = text_of(info->value, "version", &complaint, pool);
    if (version && strcmp(version, VERSION) != 0) {
        return "info.version is not " VERSION;
    }
    description = version ? text_of(info->value, "description", &complaint, pool) : NULL;
    if (description && !strstr(description, SPECIFICATION)) {
        return "info.description does not name " SPECIFICATION;
    }
    return complaint;
}
