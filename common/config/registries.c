/*
 * registries[]: names and the sources that they list (spec config.md 4.6).
 */
#include "common/config/load.h"
#include <apr_strings.h>
#include <string.h>

static apr_hash_t *source_names(const mcpr_load *load)
{
    apr_hash_t *names = apr_hash_make(load->pool);

    for (int i = 0; i < load->config->sources->nelts; i++) {
        const char *name = APR_ARRAY_IDX(load->config->sources, i, mcpr_config_source).name;

        if (name) {
            apr_hash_set(names, name, APR_HASH_KEY_STRING, name);
        }
    }
    return names;
}

/* Checks the names, and leaves each once: where a name is there twice, its last place counts. */
static apr_array_header_t *check_sources(const mcpr_scope *scope, const apr_array_header_t *given,
                                         apr_hash_t *known)
{
    apr_pool_t *pool = scope->load->pool;
    apr_array_header_t *backwards = apr_array_make(pool, given->nelts, sizeof(const char *));
    apr_array_header_t *kept = apr_array_make(pool, given->nelts, sizeof(const char *));
    apr_hash_t *seen = apr_hash_make(pool);

    for (int i = given->nelts - 1; i >= 0; i--) {
        const char *name = APR_ARRAY_IDX(given, i, const char *);

        if (apr_hash_get(seen, name, APR_HASH_KEY_STRING)) {
            continue;
        }
        apr_hash_set(seen, name, APR_HASH_KEY_STRING, name);
        APR_ARRAY_PUSH(backwards, const char *) = name;
        if (!apr_hash_get(known, name, APR_HASH_KEY_STRING)) {
            mcpr_complain(scope, "sources", "unknown source '%s'", name);
        }
    }
    for (int i = backwards->nelts - 1; i >= 0; i--) {
        APR_ARRAY_PUSH(kept, const char *) = APR_ARRAY_IDX(backwards, i, const char *);
    }
    return kept;
}

static void read_registry(mcpr_load *load, const mcpr_node *map, int i, apr_hash_t *names, apr_hash_t *known)
{
    mcpr_config_registry *registry = apr_array_push(load->config->registries);
    mcpr_scope scope = {.load = load, .map = map, .line = map->line};
    int refused;

    memset(registry, 0, sizeof *registry);
    scope.path = apr_psprintf(load->pool, "registries[%d].", i);
    scope.label = apr_psprintf(load->pool, "registries[%d]: ", i);
    if (!mcpr_rows_read(&scope, mcpr_keys_name, 0, &registry->name)) {
        scope.label = apr_psprintf(load->pool, "registries[%d] (%s): ", i, registry->name);
        if (apr_hash_get(names, registry->name, APR_HASH_KEY_STRING)) {
            mcpr_complain(&scope, "name", "duplicate registry name '%s'", registry->name);
        }
        apr_hash_set(names, registry->name, APR_HASH_KEY_STRING, registry->name);
    }
    refused = mcpr_rows_read(&scope, mcpr_keys_registry, 0, registry);
    if (registry->sources->nelts == 0 && !refused) {
        mcpr_complain(&scope, "sources", "at least one source is required");
    }
    registry->sources = check_sources(&scope, registry->sources, known);
}

void mcpr_load_registries(mcpr_load *load)
{
    mcpr_scope top = mcpr_scope_top(load);
    apr_array_header_t *list = mcpr_scope_list(&top, "registries");
    apr_hash_t *names = apr_hash_make(load->pool), *known = source_names(load);

    if (list->nelts == 0) {
        mcpr_complain(&top, "registries", "at least one registry must be configured");
    }
    for (int i = 0; i < list->nelts; i++) {
        const mcpr_node *map = APR_ARRAY_IDX(list, i, const mcpr_node *);

        if (map) {
            read_registry(load, map, i, names, known);
        }
    }
}
