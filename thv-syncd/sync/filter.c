/*
 * Names first, then tags; in each an exclusion wins, and a list of inclusions has to be met.
 */
#include "thv-syncd/sync/filter.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sync/glob.h"
#include <apr_strings.h>
#include <string.h>

#define PUBLISHER "io.modelcontextprotocol.registry/publisher-provided"

typedef struct pattern {
    const char *text;
    mcpr_glob *glob; /* NULL: invalid */
} pattern;

static apr_array_header_t *compile(mcpr_filter *filter, const apr_array_header_t *texts)
{
    apr_array_header_t *list = apr_array_make(filter->pool, texts->nelts + 1, sizeof(pattern));

    for (int i = 0; i < texts->nelts; i++) {
        pattern *one = apr_array_push(list);
        const char *complaint = NULL;

        one->text = APR_ARRAY_IDX(texts, i, const char *);
        one->glob = mcpr_glob_compile(one->text, &complaint, filter->pool);
        if (!one->glob && !filter->warning) {
            filter->warning =
                apr_psprintf(filter->pool, "invalid filter pattern '%s': %s", one->text, complaint);
        }
    }
    return list;
}

mcpr_filter *mcpr_filter_create(const mcpr_config_filter *config, mcpr_feed_sink *next, void *baton,
                                apr_pool_t *pool)
{
    mcpr_filter *filter = apr_pcalloc(pool, sizeof *filter);

    filter->config = config;
    filter->next = next;
    filter->baton = baton;
    filter->pool = pool;
    filter->names_include = compile(filter, config->names_include);
    filter->names_exclude = compile(filter, config->names_exclude);
    return filter;
}

/* 1 hit, 0 none, -1 an invalid pattern was reached first. */
static int any_pattern(const apr_array_header_t *list, const char *name)
{
    for (int i = 0; i < list->nelts; i++) {
        const pattern *one = &APR_ARRAY_IDX(list, i, pattern);

        if (!one->glob) {
            return -1;
        }
        if (mcpr_glob_matches(one->glob, name)) {
            return 1;
        }
    }
    return 0;
}

static int name_passes(const mcpr_filter *filter, const mcpr_entry *entry)
{
    char buffer[512];
    const char *name = entry->name;

    if (entry->kind != MCPR_KIND_SERVER) {
        apr_snprintf(buffer, sizeof buffer, "%s/%s", entry->namespace_, entry->name);
        name = buffer;
    }
    if (any_pattern(filter->names_exclude, name) != 0) {
        return 0;
    }
    return filter->names_include->nelts == 0 || any_pattern(filter->names_include, name) == 1;
}

static int in_texts(const apr_array_header_t *texts, const json_t *tag)
{
    const char *text = json_string_value(tag);

    for (int i = 0; text && i < texts->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(texts, i, const char *), text) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Whether any string of any `tags` list at publisher-provided[*][*] is among `texts`. */
static int any_tag(const json_t *server, const apr_array_header_t *texts)
{
    json_t *provided = json_object_get(json_object_get(server, "_meta"), PUBLISHER);
    json_t *publisher, *block, *tag;
    const char *key;
    size_t i;

    json_object_foreach(provided, key, publisher)
    {
        const char *inner;

        json_object_foreach(publisher, inner, block)
        {
            json_array_foreach(json_object_get(block, "tags"), i, tag)
            {
                if (in_texts(texts, tag)) {
                    return 1;
                }
            }
        }
    }
    return 0;
}

static int tags_pass(const mcpr_filter *filter, const mcpr_entry *entry)
{
    const mcpr_config_filter *config = filter->config;

    if (entry->kind != MCPR_KIND_SERVER) {
        return 1;
    }
    if (config->tags_exclude->nelts && any_tag(entry->json, config->tags_exclude)) {
        return 0;
    }
    return config->tags_include->nelts == 0 || any_tag(entry->json, config->tags_include);
}

apr_status_t mcpr_filter_take(void *filter, const mcpr_entry *entry)
{
    mcpr_filter *self = filter;
    const char *refused = !name_passes(self, entry) ? "name" : !tags_pass(self, entry) ? "tag" : NULL;

    if (refused) {
        self->dropped++;
        mcpr_log(MCPR_LOG_DEBUG, "Left out by the filter", "s:s, s:s, s:s", "name", entry->name, "version",
                 entry->version, "filter", refused);
        return APR_SUCCESS;
    }
    return self->next(self->baton, entry);
}

static void add_list(json_t *to, const char *key, const apr_array_header_t *texts)
{
    json_t *list = json_array();

    for (int i = 0; i < texts->nelts; i++) {
        json_array_append_new(list, json_string(APR_ARRAY_IDX(texts, i, const char *)));
    }
    if (texts->nelts) {
        json_object_set(to, key, list);
    }
    json_decref(list);
}

json_t *mcpr_filter_describe(const mcpr_config_filter *config)
{
    json_t *filter, *names, *tags;

    if (!config->present) {
        return NULL;
    }
    filter = json_object();
    names = json_object();
    tags = json_object();
    add_list(names, "include", config->names_include);
    add_list(names, "exclude", config->names_exclude);
    add_list(tags, "include", config->tags_include);
    add_list(tags, "exclude", config->tags_exclude);
    if (json_object_size(names)) {
        json_object_set(filter, "names", names);
    }
    if (json_object_size(tags)) {
        json_object_set(filter, "tags", tags);
    }
    json_decref(names);
    json_decref(tags);
    return filter;
}
