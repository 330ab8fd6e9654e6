/*
 * auth: mode, providers and roles (spec config.md 4.8). Everything about access fails closed.
 */
#include "common/config/load.h"
#include "common/config/url.h"
#include "common/policy/check.h"
#include <apr_strings.h>
#include <string.h>
#include <strings.h>

#define PROVIDERS "auth.oauth.providers"

static const char *const roles[] = {"superAdmin", "manageSources", "manageRegistries", "manageEntries"};

static void check_issuer(const mcpr_scope *scope, const char *issuer)
{
    mcpr_url url;
    const char *why = mcpr_url_parse(&url, issuer, scope->load->pool);

    if (why) {
        mcpr_complain(scope, "issuerUrl", "issuerUrl must be an absolute URL with a host: %s", why);
        return;
    }
    if (strcmp(url.scheme, "https") != 0 && strcmp(url.host, "localhost") != 0 &&
        strcmp(url.host, "127.0.0.1") != 0 && strcmp(url.host, "::1") != 0 &&
        !scope->load->config->insecure_url) {
        mcpr_complain(scope, "issuerUrl",
                      "issuerUrl must use HTTPS (set " MCPR_VARIABLE_PREFIX
                      "INSECURE_URL=true to allow HTTP)");
    }
}

static void check_provider(const mcpr_scope *scope, const mcpr_config_provider *provider)
{
    const struct {
        const char *key, *value;
    } needed[] = {
        {"name",      provider->name      },
        {"issuerUrl", provider->issuer_url},
        {"audience",  provider->audience  }
    };

    for (apr_size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (!needed[i].value) {
            mcpr_complain(scope, needed[i].key, "%s is required", needed[i].key);
        }
    }
    if (provider->issuer_url) {
        check_issuer(scope, provider->issuer_url);
    }
}

/* In anonymous mode the whole oauth block is unchecked, but its values must still be of their types. */
static void read_providers(mcpr_load *load, const mcpr_scope *top)
{
    int checked = load->config->auth.mode == MCPR_AUTH_OAUTH && !mcpr_scope_marked(top, "auth.mode");
    apr_array_header_t *list = mcpr_scope_list(top, PROVIDERS);

    if (checked && mcpr_node_absent(mcpr_scope_node(top, "auth.oauth"))) {
        mcpr_complain(top, "auth.oauth", "auth.oauth is required when mode is oauth");
    } else if (checked && list->nelts == 0) {
        mcpr_complain(top, PROVIDERS, PROVIDERS " is required when mode is oauth");
    }
    for (int i = 0; i < list->nelts; i++) {
        const mcpr_node *map = APR_ARRAY_IDX(list, i, const mcpr_node *);
        const char *path = apr_psprintf(load->pool, PROVIDERS "[%d].", i);
        mcpr_scope scope = {.load = load, .map = map, .path = path, .label = path, .line = 1};
        mcpr_config_provider *provider;

        if (!map) {
            continue;
        }
        scope.line = map->line;
        provider = memset(apr_array_push(load->config->auth.providers), 0, sizeof *provider);
        if (mcpr_rows_read(&scope, mcpr_keys_provider, 0, provider) == 0 && checked) {
            check_provider(&scope, provider);
        }
    }
}

static const char *role_name(const char *key)
{
    for (apr_size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        if (strcasecmp(roles[i], key) == 0) {
            return roles[i];
        }
    }
    return NULL;
}

/* The rules of one role as a list of mappings; NULL after a complaint. */
static json_t *read_rules(const mcpr_scope *top, const char *key, const mcpr_node *node)
{
    json_t *rules = json_array();
    int single = node->kind == MCPR_NODE_MAP;
    int count = single ? 1 : mcpr_node_count(node);

    if (node->kind == MCPR_NODE_SCALAR) {
        mcpr_complain(top, key, "%s must be a list of mappings, not %s", key, mcpr_node_word(node));
    }
    for (int i = 0; i < count; i++) {
        const mcpr_node *rule = single ? node : mcpr_node_item(node, i);

        if (rule->kind == MCPR_NODE_MAP) {
            json_array_append_new(rules, mcpr_node_json(rule));
        } else {
            mcpr_complain_at(top, rule->line, key, "%s[%d] must be a mapping, not %s", key, i,
                             mcpr_node_word(rule));
        }
    }
    return rules;
}

static void read_roles(mcpr_load *load, const mcpr_scope *top, const mcpr_node *map)
{
    json_t *found = json_object();
    int known = 0;

    for (int i = 0; i < mcpr_node_count(map); i++) {
        const mcpr_entry *entry = mcpr_node_entry(map, i);
        const char *name = role_name(entry->key);
        const char *key = apr_pstrcat(load->pool, "auth.authz.roles.", name ? name : entry->key, NULL);

        if (!name) {
            mcpr_complain_at(top, entry->line, key,
                             "unknown role '%s' in auth.authz.roles: there are %s, %s, %s and %s", entry->key,
                             roles[0], roles[1], roles[2], roles[3]);
        } else if (!json_object_get(found, name) && !mcpr_node_null(entry->value) &&
                   (entry->value->kind != MCPR_NODE_MAP || mcpr_node_count(entry->value) > 0)) {
            json_object_set_new(found, name, read_rules(top, key, entry->value));
            known++;
        }
    }
    load->config->auth.roles = mcpr_load_own(load, found);
    mcpr_roles_warn(found, load->config->warnings);
    if (known == 0) {
        mcpr_complain(top, "auth.authz.roles", "auth.authz needs at least one role in auth.authz.roles");
    }
}

/* The block counts when the key is there, even with nothing in it: an empty one must not mean "no rules". */
static void read_authz(mcpr_load *load, const mcpr_scope *top)
{
    const mcpr_node *map = mcpr_scope_node(top, "auth.authz.roles");

    if (!mcpr_scope_node(top, "auth.authz")) {
        return;
    }
    load->config->auth.authz = 1;
    if (load->config->auth.mode == MCPR_AUTH_ANONYMOUS) {
        mcpr_complain(top, "auth.authz", "auth.authz must not be there when auth.mode is anonymous");
    }
    if (!mcpr_node_null(map) && map->kind != MCPR_NODE_MAP) {
        mcpr_complain(top, "auth.authz.roles", "auth.authz.roles must be a mapping, not %s",
                      mcpr_node_word(map));
        return;
    }
    read_roles(load, top, map);
}

/* A public path that covers everything makes authorization a matter of writes only. */
static void warn_public(const mcpr_load *load, const mcpr_scope *top)
{
    const apr_array_header_t *paths = load->config->auth.public_paths;

    for (int i = 0; load->config->auth.authz && i < paths->nelts; i++) {
        const char *path = APR_ARRAY_IDX(paths, i, const char *);
        apr_size_t begin = strspn(path, "/"), len = strcspn(path + begin, "/");
        const char *first = apr_pstrmemdup(load->pool, path + begin, len);
        int whole = path[begin + len + strspn(path + begin + len, "/")] == '\0';

        if (*path && whole && (!*first || strcmp(first, "registry") == 0 || strcmp(first, "v1") == 0)) {
            mcpr_warn(top, "auth.publicPaths", "'%s' shows entries to everybody although auth.authz is on",
                      path);
        }
    }
}

void mcpr_load_auth(mcpr_load *load)
{
    mcpr_scope top = mcpr_scope_top(load);
    const mcpr_node *block = mcpr_scope_node(&top, "auth");

    if (block && block->kind != MCPR_NODE_MAP) {
        block = NULL; /* reported with its rows, unless it is null */
    }
    if (mcpr_node_absent(block) && !mcpr_scope_node(&top, "auth.authz") &&
        !mcpr_environment_sets_below(load->env, "auth")) {
        mcpr_complain(&top, "auth", "auth is required: auth.mode is anonymous or oauth");
        return;
    }
    read_providers(load, &top);
    read_authz(load, &top);
    warn_public(load, &top);
}
