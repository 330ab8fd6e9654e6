/*
 * Claims of sources and registries: kept as they were written, once their shape is right.
 */
#include "common/config/load.h"
#include <string.h>

/* Unquoted numbers, booleans, nulls and dates are none: JSON would not keep them as text. */
static int is_string(const mcpr_node *node)
{
    return node->kind == MCPR_NODE_SCALAR && node->scalar.type == MCPR_SCALAR_TEXT &&
           strlen(node->scalar.text) == node->scalar.len;
}

static const char *word_of(const mcpr_node *node)
{
    int text = node->kind == MCPR_NODE_SCALAR && node->scalar.type == MCPR_SCALAR_TEXT;

    return text ? "text with a NUL character" : mcpr_node_word(node);
}

static void check_claim(const mcpr_scope *scope, const char *key, const mcpr_entry *claim)
{
    const mcpr_node *value = claim->value;

    if (value->kind != MCPR_NODE_LIST) {
        if (!is_string(value)) {
            mcpr_complain_at(scope, claim->line, key, "%s.%s must be a string or a list of strings, not %s",
                             key, claim->key, word_of(value));
        }
        return;
    }
    for (int i = 0; i < mcpr_node_count(value); i++) {
        const mcpr_node *item = mcpr_node_item(value, i);

        if (!is_string(item)) {
            mcpr_complain_at(scope, item->line, key, "%s.%s[%d] must be a string, not %s", key, claim->key, i,
                             word_of(item));
        }
    }
}

json_t *mcpr_load_claims(const mcpr_scope *scope, const char *key, const mcpr_node *map)
{
    int before = scope->load->problems->total;

    if (map->kind != MCPR_NODE_MAP) {
        mcpr_complain(scope, key, "%s must be a mapping, not %s", key, mcpr_node_word(map));
        return NULL;
    }
    for (int i = 0; i < mcpr_node_count(map); i++) {
        check_claim(scope, key, mcpr_node_entry(map, i));
    }
    if (mcpr_node_count(map) == 0 || scope->load->problems->total > before) {
        return NULL;
    }
    return mcpr_load_own(scope->load, mcpr_node_json(map));
}
