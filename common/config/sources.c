/*
 * sources[]: their types, blocks and the rules between their keys (spec config.md 4.2 to 4.6).
 */
#include "common/config/load.h"
#include "common/config/url.h"
#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>
#include <sys/stat.h>

#define ALL_TYPES "git, api, file, managed, or kubernetes"

int mcpr_is_label(const char *name)
{
    apr_size_t len = strlen(name);

    for (const char *p = name; *p; p++) {
        int inner = p != name && p[1] != '\0';

        if (!(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9') && !(*p == '-' && inner)) {
            return 0;
        }
    }
    return len >= 1 && len <= 63;
}

/* Reads the name and gives the scope its label, with the name when there is a good one. */
static void read_name(mcpr_scope *scope, int i, apr_hash_t *names, mcpr_config_source *source)
{
    mcpr_load *load = scope->load;

    if (mcpr_rows_read(scope, mcpr_keys_name, 0, &source->name)) {
        return;
    }
    if (!mcpr_is_label(source->name)) {
        mcpr_complain(
            scope, "name",
            "name '%s' must be a valid DNS subdomain (lowercase alphanumeric and hyphens, max 63 chars)",
            source->name);
        return;
    }
    scope->label = apr_psprintf(load->pool, "source[%d] (%s): ", i, source->name);
    if (apr_hash_get(names, source->name, APR_HASH_KEY_STRING)) {
        mcpr_complain(scope, "name", "duplicate source name '%s'", source->name);
    }
    apr_hash_set(names, source->name, APR_HASH_KEY_STRING, source->name);
}

/* The one type block that is there; its bit, or 0 after a complaint. */
static unsigned read_type(const mcpr_scope *scope, mcpr_config_source *source)
{
    const char *found = "", *last = "";
    int count = 0;

    for (const mcpr_word *type = mcpr_source_types; type->word; type++) {
        const mcpr_node *block = mcpr_scope_node(scope, type->word);

        if (mcpr_node_null(block)) {
            continue;
        }
        source->type = (mcpr_source_type)type->value;
        count++;
        found = apr_pstrcat(scope->load->pool, found, *found ? ", " : "", type->word, NULL);
        last = type->word;
        if (block->kind != MCPR_NODE_MAP) {
            mcpr_scope_mark(scope, type->word);
            mcpr_complain(scope, type->word, "%s must be a mapping, not %s", type->word,
                          mcpr_node_word(block));
        }
    }
    if (count == 1) {
        return MCPR_OF(source->type);
    }
    if (count == 0) {
        mcpr_complain_at(scope, scope->line, "", "one of " ALL_TYPES " must be specified");
    } else {
        mcpr_complain(scope, last, "only one of " ALL_TYPES " may be specified, found %s", found);
    }
    return 0;
}

static void check_git(const mcpr_scope *scope, mcpr_config_source *source)
{
    const mcpr_config_git *git = &source->git;
    struct stat info;

    if (!git->username != !git->password_file) {
        mcpr_complain(scope, git->username ? "git.auth.username" : "git.auth.passwordFile",
                      "git.auth.username and git.auth.passwordFile must be given together");
    }
    if (git->password_file && git->password_file[0] != '/') {
        mcpr_complain(scope, "git.auth.passwordFile", "git.auth.passwordFile must be an absolute path");
    } else if (git->password_file && stat(git->password_file, &info) != 0) {
        mcpr_complain(scope, "git.auth.passwordFile",
                      "git.auth.passwordFile '%s' does not exist or cannot be read", git->password_file);
    }
    if (!!git->branch + !!git->tag + !!git->commit > 1) {
        mcpr_warn(scope, "git", "only one of branch, tag, or commit may be specified: every sync will fail");
    }
}

static void check_api(const mcpr_scope *scope, mcpr_config_source *source)
{
    struct stat info;

    if (source->format == MCPR_FORMAT_TOOLHIVE) {
        mcpr_complain(scope, "format",
                      "format must be either empty or upstream when using api, got toolhive");
    }
    if (source->api.token_file && source->api.token_file[0] != '/') {
        mcpr_complain(scope, "api.tokenFile", "api.tokenFile must be an absolute path");
    } else if (source->api.token_file && stat(source->api.token_file, &info) != 0) {
        mcpr_warn(scope, "api.tokenFile",
                  "api.tokenFile '%s' does not exist or cannot be read: every sync will fail",
                  source->api.token_file);
    }
}

static void check_file(const mcpr_scope *scope, mcpr_config_source *source)
{
    const mcpr_config_file *file = &source->file;
    mcpr_url url;
    const char *why;

    if (file->path && file->url) {
        mcpr_complain(scope, "file.url", "file.path and file.url are mutually exclusive");
    } else if (!file->path && !file->url) {
        mcpr_complain(scope, "file", "file.path or file.url is required");
    }
    if (!mcpr_node_null(mcpr_scope_node(scope, "file.data"))) {
        mcpr_warn(scope, "file.data", "file.data is ignored: inline data comes through the API only");
    }
    if (!file->url) {
        return;
    }
    why = mcpr_url_parse(&url, file->url, scope->load->pool);
    if (why) {
        mcpr_complain(scope, "file.url", "file.url must be an absolute http or https URL with a host: %s",
                      why);
    } else if (strcmp(url.scheme, "http") != 0 && strcmp(url.scheme, "https") != 0) {
        mcpr_complain(scope, "file.url", "file.url must have the scheme http or https, got '%s'", url.scheme);
    }
    (void)mcpr_rows_read(scope, mcpr_keys_source_url, 0, source);
}

static void check_kubernetes(const mcpr_scope *scope, mcpr_config_source *source)
{
    apr_hash_t *seen = apr_hash_make(scope->load->pool);

    for (int i = 0; i < source->kubernetes_namespaces->nelts; i++) {
        const char *name = APR_ARRAY_IDX(source->kubernetes_namespaces, i, const char *);

        if (!mcpr_is_label(name)) {
            mcpr_complain(scope, "kubernetes.namespaces", "invalid namespace name: %s", name);
        } else if (apr_hash_get(seen, name, APR_HASH_KEY_STRING)) {
            mcpr_complain(scope, "kubernetes.namespaces", "duplicate namespace: %s", name);
        }
        apr_hash_set(seen, name, APR_HASH_KEY_STRING, name);
    }
}

/* The rules between the keys of one block. */
static const struct {
    void (*check)(const mcpr_scope *scope, mcpr_config_source *source);
} blocks[] = {
    [MCPR_SOURCE_GIT] = {check_git},
    [MCPR_SOURCE_API] = {check_api},
    [MCPR_SOURCE_FILE] = {check_file},
    [MCPR_SOURCE_MANAGED] = {NULL},
    [MCPR_SOURCE_KUBERNETES] = {check_kubernetes},
};

static void read_source(mcpr_load *load, const mcpr_node *map, int i, apr_hash_t *names)
{
    mcpr_config_source *source = apr_array_push(load->config->sources);
    mcpr_scope scope = {.load = load, .map = map, .line = map->line};
    const mcpr_entry *filter = mcpr_node_member(map, "filter", 6);
    unsigned type;

    memset(source, 0, sizeof *source);
    scope.path = apr_psprintf(load->pool, "sources[%d].", i);
    scope.label = apr_psprintf(load->pool, "source[%d]: ", i);
    read_name(&scope, i, names, source);
    type = read_type(&scope, source);
    (void)mcpr_rows_read(&scope, mcpr_keys_source, type, source);
    source->filter.present = filter && !mcpr_node_null(filter->value);
    if (type && blocks[source->type].check &&
        !mcpr_scope_marked(&scope, mcpr_source_type_name(source->type))) {
        blocks[source->type].check(&scope, source);
    }
}

static void check_managed(mcpr_load *load, const mcpr_scope *top)
{
    int managed = 0;

    for (int i = 0; i < load->config->sources->nelts; i++) {
        managed += APR_ARRAY_IDX(load->config->sources, i, mcpr_config_source).type == MCPR_SOURCE_MANAGED;
    }
    if (managed > 1) {
        mcpr_complain(top, "sources", "at most one source may be managed, found %d", managed);
    }
}

void mcpr_load_sources(mcpr_load *load)
{
    mcpr_scope top = mcpr_scope_top(load);
    apr_array_header_t *list = mcpr_scope_list(&top, "sources");
    apr_hash_t *names = apr_hash_make(load->pool);

    if (list->nelts == 0) {
        mcpr_complain(&top, "sources", "at least one source must be configured");
    }
    for (int i = 0; i < list->nelts; i++) {
        const mcpr_node *map = APR_ARRAY_IDX(list, i, const mcpr_node *);

        if (map) {
            read_source(load, map, i, names);
        }
    }
    check_managed(load, &top);
}

const char *mcpr_source_type_name(mcpr_source_type type)
{
    return mcpr_word_of(mcpr_source_types, (int)type);
}
