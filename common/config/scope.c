/*
 * Scopes: looking keys up in the file, and saying where a problem is.
 */
#include "common/config/load.h"
#include <apr_strings.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

mcpr_scope mcpr_scope_top(mcpr_load *load)
{
    return (mcpr_scope){
        .load = load, .map = load->root, .path = "", .label = "", .line = 1, .environment = 1};
}

/* The line of `key`, or of what is there of the way to it. */
static int line_of(const mcpr_scope *scope, const char *key)
{
    const mcpr_node *map = scope->map;
    int line = scope->line;

    for (;;) {
        apr_size_t len = strcspn(key, ".");
        const mcpr_entry *entry = mcpr_node_member(map, key, len);

        if (!entry) {
            return line;
        }
        line = entry->line;
        if (key[len] == '\0') {
            return line;
        }
        key += len + 1;
        map = entry->value;
    }
}

/* The variable that sets `key`, NULL when the file does or nothing. */
static const char *variable_of(const mcpr_scope *scope, const char *key)
{
    const char *name = NULL;

    if (scope->environment) {
        for (const mcpr_key *row = mcpr_keys_top; row->path; row++) {
            if (strcmp(row->path, key) == 0 && mcpr_environment_get(scope->load->env, row, &name)) {
                return name;
            }
        }
    }
    return NULL;
}

static void report(const mcpr_scope *scope, mcpr_problems *problems, int line, const char *key,
                   const char *format, va_list values) MCPR_PRINTF(5, 0);

static void report(const mcpr_scope *scope, mcpr_problems *problems, int line, const char *key,
                   const char *format, va_list values)
{
    const char *variable = line ? NULL : variable_of(scope, key);
    const char *place;
    char text[1024];

    if (variable) {
        place = apr_pstrcat(scope->load->pool, "environment: ", variable, NULL);
    } else {
        apr_size_t len = strlen(scope->path);

        place = apr_psprintf(scope->load->pool, "%s:%d: %.*s%s", scope->load->config->path,
                             line ? line : line_of(scope, key), (int)(len && !*key ? len - 1 : len),
                             scope->path, key);
    }
    vsnprintf(text, sizeof text, format, values);
    mcpr_problems_add(problems, place, "%s%s", scope->label, text);
}

void mcpr_complain(const mcpr_scope *scope, const char *key, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    report(scope, scope->load->problems, 0, key, format, values);
    va_end(values);
}

void mcpr_complain_at(const mcpr_scope *scope, int line, const char *key, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    report(scope, scope->load->problems, line, key, format, values);
    va_end(values);
}

void mcpr_warn(const mcpr_scope *scope, const char *key, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    report(scope, scope->load->config->warnings, 0, key, format, values);
    va_end(values);
}

void mcpr_scope_mark(const mcpr_scope *scope, const char *key)
{
    const char *whole = apr_pstrcat(scope->load->pool, scope->path, key, NULL);

    apr_hash_set(scope->load->faulty, whole, APR_HASH_KEY_STRING, whole);
}

int mcpr_scope_marked(const mcpr_scope *scope, const char *key)
{
    const char *whole = apr_pstrcat(scope->load->pool, scope->path, key, NULL);

    return apr_hash_get(scope->load->faulty, whole, APR_HASH_KEY_STRING) != NULL;
}

int mcpr_scope_find(const mcpr_scope *scope, const char *key, const mcpr_node **node)
{
    const mcpr_node *blocker;
    apr_size_t len = 0;
    const char *path;

    *node = mcpr_node_find(scope->map, key, &blocker, &len);
    if (!blocker) {
        return 1;
    }
    path = apr_pstrmemdup(scope->load->pool, key, len);
    if (!mcpr_scope_marked(scope, path)) {
        mcpr_scope_mark(scope, path);
        mcpr_complain(scope, path, "%s must be a mapping, not %s", path, mcpr_node_word(blocker));
    }
    return 0;
}

const mcpr_node *mcpr_scope_node(const mcpr_scope *scope, const char *key)
{
    const mcpr_node *node;

    (void)mcpr_scope_find(scope, key, &node);
    return node;
}

apr_array_header_t *mcpr_scope_list(const mcpr_scope *scope, const char *key)
{
    const mcpr_node *node = mcpr_scope_node(scope, key);
    apr_array_header_t *list = apr_array_make(scope->load->pool, 4, sizeof(const mcpr_node *));
    int single = node && node->kind == MCPR_NODE_MAP && mcpr_node_count(node) > 0;

    if (!node || mcpr_node_null(node) || (node->kind == MCPR_NODE_MAP && !single)) {
        return list;
    }
    if (node->kind == MCPR_NODE_SCALAR) {
        mcpr_complain(scope, key, "%s must be a list of mappings, not %s", key, mcpr_node_word(node));
        APR_ARRAY_PUSH(list, const mcpr_node *) = NULL;
        return list;
    }
    for (int i = 0; i < (single ? 1 : mcpr_node_count(node)); i++) {
        const mcpr_node *item = single ? node : mcpr_node_item(node, i);

        if (item->kind != MCPR_NODE_MAP && !mcpr_node_null(item)) {
            mcpr_complain_at(scope, item->line, key, "%s[%d] must be a mapping, not %s", key, i,
                             mcpr_node_word(item));
            item = NULL;
        }
        APR_ARRAY_PUSH(list, const mcpr_node *) = item;
    }
    return list;
}
