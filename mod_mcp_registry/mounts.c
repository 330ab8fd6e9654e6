/* Mounts, read out of the core's own table of <Location> sections. */
#include "mod_mcp_registry/mounts.h"

#include "mod_mcp_registry/module.h"
#include <ap_expr.h>
#include <apr_strings.h>
#include <http_core.h>

typedef struct mount {
    ap_expr_info_t *handler; /* the section's own expression: identity matters, not content */
    mcpr_path prefix;
} mount;

struct mcpr_mounts {
    apr_array_header_t *list; /* of mount */
};

/* The prefix of a section; a pattern has none. An empty last segment ("/mcp/") is no part of it. */
static mcpr_path prefix_of(const core_dir_config *section, apr_pool_t *pool)
{
    mcpr_path prefix = {NULL, 0, 0};
    if (section->r || section->d_is_fnmatch || mcpr_path_parse(&prefix, section->d, pool) != APR_SUCCESS) {
        prefix.count = 0;
    }
    while (prefix.count && prefix.segments[prefix.count - 1].len == 0) {
        prefix.count--;
    }
    return prefix;
}

const mcpr_mounts *mcpr_mounts_find(server_rec *server, apr_pool_t *pool)
{
    const core_server_config *core = ap_get_core_module_config(server->module_config);
    mcpr_mounts *mounts = apr_palloc(pool, sizeof(*mounts));
    mounts->list = apr_array_make(pool, 2, sizeof(mount));

    for (int i = 0; i < core->sec_url->nelts; i++) {
        const core_dir_config *section =
            ap_get_core_module_config(APR_ARRAY_IDX(core->sec_url, i, ap_conf_vector_t *));
        if (section->expr_handler) {
            mount *m = apr_array_push(mounts->list);
            m->handler = section->expr_handler;
            m->prefix = prefix_of(section, pool);
        }
    }
    return mounts;
}

static const char *evaluate(request_rec *r, const ap_expr_info_t *expression)
{
    const char *error = NULL;
    const char *handler = ap_expr_str_exec(r, expression, &error);
    return error ? NULL : handler;
}

const char *mcpr_mounts_handler(request_rec *r)
{
    const core_dir_config *core = ap_get_core_module_config(r->per_dir_config);
    return core->expr_handler ? evaluate(r, core->expr_handler) : core->handler;
}

static int lies_under(const mcpr_path *path, const mcpr_path *prefix)
{
    if (path->count < prefix->count) {
        return 0;
    }
    for (int i = 0; i < prefix->count; i++) {
        if (path->segments[i].len != prefix->segments[i].len ||
            memcmp(path->segments[i].text, prefix->segments[i].text, prefix->segments[i].len) != 0) {
            return 0;
        }
    }
    return 1;
}

int mcpr_mounts_prefix(const mcpr_mounts *mounts, request_rec *r, const mcpr_path *path)
{
    const core_dir_config *core = ap_get_core_module_config(r->per_dir_config);
    for (int i = 0; i < mounts->list->nelts; i++) {
        const mount *m = &APR_ARRAY_IDX(mounts->list, i, mount);
        if (m->handler == core->expr_handler) {
            return lies_under(path, &m->prefix) ? m->prefix.count : MCPR_NOT_MOUNTED;
        }
    }
    return 0;
}

int mcpr_mounts_cover(const mcpr_mounts *mounts, request_rec *r, const mcpr_path *path)
{
    for (int i = 0; i < mounts->list->nelts; i++) {
        const mount *m = &APR_ARRAY_IDX(mounts->list, i, mount);
        if (lies_under(path, &m->prefix)) {
            const char *handler = evaluate(r, m->handler);
            if (handler && strcmp(handler, MCPR_HANDLER_API) == 0) {
                return 1;
            }
        }
    }
    return 0;
}
