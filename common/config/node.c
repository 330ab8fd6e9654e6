/*
 * The tree: look-ups by name and path, and its JSON form.
 */
#include "common/config/node.h"
#include <string.h>
#include <strings.h>

int mcpr_node_count(const mcpr_node *node)
{
    if (!node || node->kind == MCPR_NODE_SCALAR) {
        return 0;
    }
    return node->kind == MCPR_NODE_LIST ? node->items->nelts : node->entries->nelts;
}

const mcpr_node *mcpr_node_item(const mcpr_node *list, int i)
{
    return APR_ARRAY_IDX(list->items, i, const mcpr_node *);
}

const mcpr_entry *mcpr_node_entry(const mcpr_node *map, int i)
{
    return &APR_ARRAY_IDX(map->entries, i, const mcpr_entry);
}

const mcpr_entry *mcpr_node_member(const mcpr_node *map, const char *name, apr_size_t len)
{
    if (!map || map->kind != MCPR_NODE_MAP) {
        return NULL;
    }
    for (int i = 0; i < map->entries->nelts; i++) {
        const mcpr_entry *entry = mcpr_node_entry(map, i);

        if (strncasecmp(entry->key, name, len) == 0 && entry->key[len] == '\0') {
            return entry;
        }
    }
    return NULL;
}

const mcpr_node *mcpr_node_find(const mcpr_node *map, const char *path, const mcpr_node **blocker,
                                apr_size_t *blocked)
{
    const char *segment = path;

    *blocker = NULL;
    for (;;) {
        apr_size_t len = strcspn(segment, ".");
        const mcpr_entry *entry = mcpr_node_member(map, segment, len);

        if (!entry) {
            return NULL;
        }
        if (segment[len] == '\0') {
            return entry->value;
        }
        segment += len + 1;
        map = entry->value;
        if (map->kind != MCPR_NODE_MAP) {
            *blocker = mcpr_node_null(map) ? NULL : map;
            *blocked = (apr_size_t)(segment - path) - 1;
            return NULL;
        }
    }
}

int mcpr_node_null(const mcpr_node *node)
{
    return !node || (node->kind == MCPR_NODE_SCALAR && node->scalar.type == MCPR_SCALAR_NULL);
}

int mcpr_node_absent(const mcpr_node *node)
{
    if (mcpr_node_null(node)) {
        return 1;
    }
    if (node->kind != MCPR_NODE_MAP) {
        return 0;
    }
    for (int i = 0; i < node->entries->nelts; i++) {
        if (!mcpr_node_absent(mcpr_node_entry(node, i)->value)) {
            return 0;
        }
    }
    return 1;
}

static json_t *scalar_json(const mcpr_scalar *scalar)
{
    apr_int64_t number;
    double real;

    switch (scalar->type) {
    case MCPR_SCALAR_NULL: return json_null();
    case MCPR_SCALAR_BOOL: return json_boolean(scalar->text[0] == 't' || scalar->text[0] == 'T');
    case MCPR_SCALAR_INT:
        if (mcpr_scalar_int(scalar, &number) == MCPR_COERCED) {
            return json_integer(number);
        }
        break;
    case MCPR_SCALAR_FLOAT:
        if (mcpr_scalar_float(scalar, &real) == MCPR_COERCED) {
            return json_real(real);
        }
        break;
    default: break;
    }
    return json_stringn(scalar->text, scalar->len);
}

json_t *mcpr_node_json(const mcpr_node *node)
{
    json_t *json;

    if (node->kind == MCPR_NODE_SCALAR) {
        return scalar_json(&node->scalar);
    }
    if (node->kind == MCPR_NODE_LIST) {
        json = json_array();
        for (int i = 0; i < node->items->nelts; i++) {
            json_array_append_new(json, mcpr_node_json(mcpr_node_item(node, i)));
        }
        return json;
    }
    json = json_object();
    for (int i = 0; i < node->entries->nelts; i++) {
        const mcpr_entry *entry = mcpr_node_entry(node, i);

        json_object_set_new(json, entry->key, mcpr_node_json(entry->value));
    }
    return json;
}

const char *mcpr_node_word(const mcpr_node *node)
{
    static const char *const scalars[] = {
        [MCPR_SCALAR_NULL] = "null",      [MCPR_SCALAR_BOOL] = "a boolean", [MCPR_SCALAR_INT] = "a number",
        [MCPR_SCALAR_FLOAT] = "a number", [MCPR_SCALAR_DATE] = "a date",    [MCPR_SCALAR_TEXT] = "text",
    };

    switch (node->kind) {
    case MCPR_NODE_LIST: return "a list";
    case MCPR_NODE_MAP: return "a mapping";
    default: return scalars[node->scalar.type];
    }
}
