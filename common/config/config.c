/*
 * Loading a configuration: file → tree → rows → rules. Each step goes on after a problem, so that somebody
 * who mends a file sees all of them.
 */
#include "common/config/config.h"
#include "common/config/file.h"
#include "common/config/load.h"
#include <apr_strings.h>
#include <string.h>

#define MAX_WARNINGS 100

static apr_status_t drop_json(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

json_t *mcpr_load_own(const mcpr_load *load, json_t *json)
{
    apr_pool_cleanup_register(load->pool, json, drop_json, apr_pool_cleanup_null);
    return json;
}

static void warn_about_blocks(mcpr_load *load)
{
    apr_array_header_t *names = mcpr_environment_blocks(load->env);

    for (int i = 0; i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);

        mcpr_problems_add(load->config->warnings, apr_pstrcat(load->pool, "environment: ", name, NULL),
                          "ignored: the variable names a block, not a single value");
    }
}

/* The namespaces that kubernetes sources without their own watch; an item too many could mean the whole
 * cluster. */
static void check_watch_namespace(mcpr_load *load)
{
    char *list = apr_pstrdup(load->pool, load->config->watch_namespace), *comma;
    const char *trimmed = "";

    if (!*list) {
        return;
    }
    for (char *item = list; item; item = comma ? comma + 1 : NULL) {
        char *end;

        comma = strchr(item, ',');
        end = comma ? comma : item + strlen(item);
        item += strspn(item, " \t");
        while (end > item && (end[-1] == ' ' || end[-1] == '\t')) {
            end--;
        }
        *(end > item ? end : item) = '\0';
        if (!mcpr_is_label(item)) {
            mcpr_problems_add(load->problems, "environment: " MCPR_VARIABLE_PREFIX "WATCH_NAMESPACE",
                              "invalid namespace name: '%s'", item);
        }
        trimmed = apr_pstrcat(load->pool, trimmed, *trimmed ? "," : "", item, NULL);
    }
    load->config->watch_namespace = trimmed;
}

/* In the order of spec config.md 5. */
static void load_tree(mcpr_load *load)
{
    mcpr_scope top = mcpr_scope_top(load);

    warn_about_blocks(load);
    mcpr_load_sources(load);
    mcpr_load_registries(load);
    (void)mcpr_rows_read(&top, mcpr_keys_top, 0, load->config);
    mcpr_load_database(load);
    mcpr_load_audit(load);
    mcpr_load_auth(load);
    mcpr_load_telemetry(load);
    check_watch_namespace(load);
}

static mcpr_config *make(const char *path, apr_pool_t *pool)
{
    mcpr_config *config = apr_pcalloc(pool, sizeof *config);

    config->path = apr_pstrdup(pool, path ? path : "");
    config->sources = apr_array_make(pool, 4, sizeof(mcpr_config_source));
    config->registries = apr_array_make(pool, 4, sizeof(mcpr_config_registry));
    config->auth.providers = apr_array_make(pool, 2, sizeof(mcpr_config_provider));
    config->warnings = mcpr_problems_create(pool, MAX_WARNINGS);
    return config;
}

apr_status_t mcpr_config_load(const mcpr_config **config, const char *path, const char *const *env,
                              mcpr_problems *problems, apr_pool_t *pool)
{
    mcpr_load load = {.config = make(path, pool), .problems = problems, .pool = pool};
    int before = problems->total;
    const mcpr_node *root = mcpr_config_read(path, problems, pool);

    *config = NULL;
    if (root && !mcpr_node_null(root) && root->kind != MCPR_NODE_MAP) {
        mcpr_problems_add(problems, apr_psprintf(pool, "%s:%d", path, root->line),
                          "the file must be a mapping of keys, not %s", mcpr_node_word(root));
        return APR_EINVAL;
    }
    if (!root) {
        return APR_EINVAL;
    }
    load.faulty = apr_hash_make(pool);
    load.env = mcpr_environment_read(env, pool);
    load.root = mcpr_load_shape(&load, root);
    load_tree(&load);
    if (problems->total > before) {
        return APR_EINVAL;
    }
    *config = load.config;
    return APR_SUCCESS;
}
