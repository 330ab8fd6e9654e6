/*
 * The upstream format (spec formats.md 2): servers, skills and plugins under `data`.
 */
#include "common/model/check.h"
#include "common/model/feed_reader.h"
#include "common/model/name.h"
#include <apr_strings.h>
#include <string.h>

typedef struct kind_row {
    mcpr_kind kind;
    const char *key; /* of its list in `data` */
    int required;
    void (*check)(json_t *document, const char *place, mcpr_problems *problems);
} kind_row;

static const kind_row kinds[MCPR_KINDS] = {
    {MCPR_KIND_SERVER, "servers", 1, mcpr_server_check},
    {MCPR_KIND_SKILL,  "skills",  0, mcpr_skill_check },
    {MCPR_KIND_PLUGIN, "plugins", 0, mcpr_plugin_check},
};

/* Ranges, and the word for the newest: legal in documents, but nobody can ask for them by that text. */
static int is_odd_version(const char *version)
{
    return *version == '\0' || strcmp(version, "latest") == 0 || strpbrk(version, "^~<>=*|") != NULL ||
           strstr(version, " - ") != NULL || strstr(version, ".x") != NULL;
}

static void warn(mcpr_feed_reader *reader, const json_t *server, const char *place)
{
    const char *name = json_string_value(json_object_get(server, "name"));
    const char *version = json_string_value(json_object_get(server, "version"));
    const char *complaint = name != NULL ? mcpr_server_name_complaint(name, reader->scratch) : NULL;
    if (complaint != NULL) {
        mcpr_problems_add(reader->warnings, place, "can be listed but not asked for by name: %s", complaint);
    }
    if (version != NULL && is_odd_version(version)) {
        mcpr_problems_add(reader->warnings, place, "version '%s' is not a version of its own", version);
    }
}

/* One entry: loaded, checked, delivered, forgotten. */
static int read_entry(mcpr_feed_reader *reader, const kind_row *row, mcpr_json_span value, apr_size_t index)
{
    if (!mcpr_feed_count(reader)) {
        return 0;
    }
    const char *place = apr_psprintf(reader->scratch, "data.%s.%" APR_SIZE_T_FMT, row->key, index);
    if (!mcpr_check_size(value, place, reader->problems)) {
        return 1;
    }
    json_t *document = mcpr_json_load(value);
    int before = reader->problems->total;
    row->check(document, place, reader->problems);
    if (reader->problems->total > before) {
        json_decref(document);
        return 1;
    }
    if (row->kind == MCPR_KIND_SERVER) {
        warn(reader, document, place);
    }
    return mcpr_feed_deliver(reader, row->kind, document, place);
}

static void read_list(mcpr_feed_reader *reader, const kind_row *row, mcpr_json_span list)
{
    mcpr_json_span value;
    apr_size_t index = 0;
    int more = 1;
    for (mcpr_json_cursor cursor = mcpr_json_enter(list); more && mcpr_json_next(&cursor, NULL, &value);
         index++) {
        more = read_entry(reader, row, value, index);
        apr_pool_clear(reader->scratch);
    }
    if (index == 0 && row->required) {
        mcpr_problems_add(reader->problems, NULL, "upstream registry must contain at least one server");
    }
}

static void read_data(mcpr_feed_reader *reader, mcpr_json_span data)
{
    static const char *const names[MCPR_KINDS] = {"servers", "skills", "plugins"};
    mcpr_json_span lists[MCPR_KINDS];
    mcpr_json_find(data, names, lists, MCPR_KINDS, reader->pool);
    for (int i = 0; i < MCPR_KINDS && reader->status == APR_SUCCESS; i++) {
        const kind_row *row = &kinds[i];
        const char *place = apr_pstrcat(reader->pool, "data.", row->key, NULL);
        if (lists[i].start == NULL && row->required) {
            mcpr_problems_add(reader->problems, "data", "%s is required", row->key);
        } else if (lists[i].start != NULL && (row->required || !mcpr_json_starts(lists[i], 'n')) &&
                   mcpr_feed_is_container(reader, lists[i], '[', place)) {
            read_list(reader, row, lists[i]);
        }
    }
}

static void check_meta(mcpr_feed_reader *reader, mcpr_json_span meta)
{
    static const char *const names[] = {"last_updated"};
    static const mcpr_rule rule = {.type = MCPR_STRING, .pattern = &mcpr_pattern_date_time};
    mcpr_json_span value;
    if (!mcpr_feed_is_container(reader, meta, '{', "meta")) {
        return;
    }
    mcpr_json_find(meta, names, &value, 1, reader->pool);
    if (value.start == NULL) {
        mcpr_problems_add(reader->problems, "meta", "last_updated is required");
        return;
    }
    mcpr_feed_check_scalar(reader, reader->problems, value, &rule, "meta.last_updated");
}

void mcpr_feed_read_upstream(mcpr_feed_reader *reader, mcpr_json_span root)
{
    enum { SCHEMA, VERSION, META, DATA, MEMBERS };
    static const char *const names[MEMBERS] = {"$schema", "version", "meta", "data"};
    static const mcpr_rule schema_rule = {.type = MCPR_STRING, .pattern = &mcpr_pattern_uri};
    static const mcpr_rule version_rule = {.type = MCPR_STRING, .pattern = &mcpr_pattern_three_numbers};
    mcpr_json_span found[MEMBERS];
    mcpr_json_find(root, names, found, MEMBERS, reader->pool);
    for (int i = VERSION; i < MEMBERS; i++) {
        if (found[i].start == NULL) {
            mcpr_problems_add(reader->problems, "(root)", "%s is required", names[i]);
        }
    }
    if (found[SCHEMA].start != NULL) {
        mcpr_feed_check_scalar(reader, reader->problems, found[SCHEMA], &schema_rule, "$schema");
    }
    if (found[VERSION].start != NULL) {
        mcpr_feed_check_scalar(reader, reader->problems, found[VERSION], &version_rule, "version");
    }
    if (found[META].start != NULL) {
        check_meta(reader, found[META]);
    }
    if (found[DATA].start != NULL && mcpr_feed_is_container(reader, found[DATA], '{', "data")) {
        read_data(reader, found[DATA]);
    }
}
