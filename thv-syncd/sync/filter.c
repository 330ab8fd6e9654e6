/*
 * Names first, then tags; in each an exclusion wins, and a list of inclusions has to be met.
 */
#include "thv-syncd/sync/filter.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sync/glob.h"
#include <apr_strings.h>
#include <stddef.h>
#include <string.h>

#define PUBLISHER "io.modelcontextprotocol.registry/publisher-provided"

typedef struct pattern {
    const char *text;
    mcpr_glob *glob;       /* NULL: invalid */
    const char *complaint; /* why it is invalid */
} pattern;

/* The lists of patterns: their key in the configuration, and where they are in it. */
static const struct {
    const char *key;
    apr_size_t texts;
} pattern_lists[] = {
    {"filter.names.include", offsetof(mcpr_config_filter, names_include)},
    {"filter.names.exclude", offsetof(mcpr_config_filter, names_exclude)},
};

void mcpr_filter_check(const mcpr_config_filter *config, const char *place, const char *whose,
                       mcpr_problems *problems)
{
    apr_pool_t *scratch;

    if (!config->present) {
        return;
    }
    apr_pool_create(&scratch, problems->pool);
    for (unsigned list = 0; list < sizeof pattern_lists / sizeof *pattern_lists; list++) {
        const apr_array_header_t *texts =
            *(apr_array_header_t *const *)((const char *)config + pattern_lists[list].texts);

        for (int i = 0; i < texts->nelts; i++) {
            const char *text = APR_ARRAY_IDX(texts, i, const char *), *complaint = NULL;

            if (!mcpr_glob_compile(text, &complaint, scratch)) {
                mcpr_problems_add(problems, apr_pstrcat(scratch, place, pattern_lists[list].key, NULL),
                                  "%sinvalid pattern '%s': %s", whose, text, complaint);
            }
        }
    }
    apr_pool_destroy(scratch);
}

static apr_array_header_t *compile(const apr_array_header_t *texts, apr_pool_t *pool)
{
    apr_array_header_t *list = apr_array_make(pool, texts->nelts + 1, sizeof(pattern));

    for (int i = 0; i < texts->nelts; i++) {
        pattern *one = apr_array_push(list);

        one->text = APR_ARRAY_IDX(texts, i, const char *);
        one->glob = mcpr_glob_compile(one->text, &one->complaint, pool);
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
    filter->names_include = compile(config->names_include, pool);
    filter->names_exclude = compile(config->names_exclude, pool);
    return filter;
}

/* Why an entry does not pass, and what that is about. */
typedef enum why { WHY_NONE, WHY_EXCLUDED, WHY_NOT_INCLUDED, WHY_INVALID_EXCLUDE, WHY_INVALID_INCLUDE } why;

typedef struct refusal {
    why why;
    int by_tag;
    const char *what;      /* the pattern or tag */
    const char *complaint; /* about an invalid pattern */
} refusal;

static const refusal passes = {.why = WHY_NONE};

static refusal refused_by_pattern(why reason, const pattern *one)
{
    return (refusal){.why = reason, .what = one->text, .complaint = one->complaint};
}

/* The first pattern that matches, or that is none: both end the walk. */
static const pattern *first_hit(const apr_array_header_t *list, const char *name)
{
    for (int i = 0; i < list->nelts; i++) {
        const pattern *one = &APR_ARRAY_IDX(list, i, pattern);

        if (!one->glob || mcpr_glob_matches(one->glob, name)) {
            return one;
        }
    }
    return NULL;
}

static refusal judge_name(const mcpr_filter *filter, const mcpr_entry *entry)
{
    char buffer[512];
    const char *name = entry->name;
    const pattern *hit;

    if (entry->kind != MCPR_KIND_SERVER) {
        apr_snprintf(buffer, sizeof buffer, "%s/%s", entry->namespace_, entry->name);
        name = buffer;
    }
    hit = first_hit(filter->names_exclude, name);
    if (hit) {
        return refused_by_pattern(hit->glob ? WHY_EXCLUDED : WHY_INVALID_EXCLUDE, hit);
    }
    if (filter->names_include->nelts == 0) {
        return passes;
    }
    hit = first_hit(filter->names_include, name);
    if (!hit) {
        return (refusal){.why = WHY_NOT_INCLUDED};
    }
    return hit->glob ? passes : refused_by_pattern(WHY_INVALID_INCLUDE, hit);
}

/* The one of `texts` that the tag is, NULL for none. */
static const char *in_texts(const apr_array_header_t *texts, const json_t *tag)
{
    const char *text = json_string_value(tag);

    for (int i = 0; text && i < texts->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(texts, i, const char *), text) == 0) {
            return APR_ARRAY_IDX(texts, i, const char *);
        }
    }
    return NULL;
}

/* The first of `texts` found in a `tags` list at publisher-provided[*][*], NULL for none. */
static const char *any_tag(const json_t *server, const apr_array_header_t *texts)
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
                const char *hit = in_texts(texts, tag);

                if (hit) {
                    return hit;
                }
            }
        }
    }
    return NULL;
}

static refusal judge_tags(const mcpr_filter *filter, const mcpr_entry *entry)
{
    const mcpr_config_filter *config = filter->config;
    const char *hit;

    if (entry->kind != MCPR_KIND_SERVER) {
        return passes;
    }
    hit = config->tags_exclude->nelts ? any_tag(entry->json, config->tags_exclude) : NULL;
    if (hit) {
        return (refusal){.why = WHY_EXCLUDED, .by_tag = 1, .what = hit};
    }
    if (config->tags_include->nelts && !any_tag(entry->json, config->tags_include)) {
        return (refusal){.why = WHY_NOT_INCLUDED, .by_tag = 1};
    }
    return passes;
}

/* The reason in words (spec sync.md 10). */
static const char *refusal_text(const mcpr_filter *filter, const refusal *refused, apr_pool_t *pool)
{
    const mcpr_config_filter *config = filter->config;
    const char *noun = refused->by_tag ? "tag" : "pattern";

    switch (refused->why) {
    case WHY_EXCLUDED: return apr_psprintf(pool, "excluded by %s '%s'", noun, refused->what);
    case WHY_NOT_INCLUDED:
        return apr_psprintf(
            pool, "no match found in include %ss [%s]", noun,
            apr_array_pstrcat(pool, refused->by_tag ? config->tags_include : config->names_include, ' '));
    case WHY_INVALID_EXCLUDE:
        return apr_psprintf(pool, "invalid exclude pattern '%s': %s", refused->what, refused->complaint);
    case WHY_INVALID_INCLUDE:
        return apr_psprintf(pool, "invalid include pattern '%s': %s", refused->what, refused->complaint);
    case WHY_NONE: break;
    }
    return "";
}

static void log_refusal(const mcpr_filter *filter, const mcpr_entry *entry, const refusal *refused)
{
    const char *of_servers = refused->by_tag ? "tag filter: " : "name filter: ";
    apr_pool_t *scratch;

    if (!mcpr_log_wants(MCPR_LOG_DEBUG)) {
        return;
    }
    apr_pool_create(&scratch, NULL);
    mcpr_log(MCPR_LOG_DEBUG, "Left out by the filter", "s:s, s:s, s:s, s:s, s:s", "kind",
             mcpr_kind_name(entry->kind), "namespace", entry->namespace_, "name", entry->name, "version",
             entry->version, "reason",
             apr_pstrcat(scratch, entry->kind == MCPR_KIND_SERVER ? of_servers : "",
                         refusal_text(filter, refused, scratch), NULL));
    apr_pool_destroy(scratch);
}

apr_status_t mcpr_filter_take(void *filter, const mcpr_entry *entry)
{
    mcpr_filter *self = filter;
    refusal refused = judge_name(self, entry);

    if (refused.why == WHY_NONE) {
        refused = judge_tags(self, entry);
    }
    if (refused.why != WHY_NONE) {
        self->dropped++;
        log_refusal(self, entry, &refused);
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
