/*
 * ToolHive's own format (spec formats.md 4): two maps of entries, converted one by one.
 */
#include "common/model/check.h"
#include "common/model/feed_reader.h"
#include "common/model/legacy.h"
#include "common/model/rules.h"
#include <apr_hash.h>
#include <apr_strings.h>
#include <string.h>

typedef struct toolhive_map {
    const char *key;
    int kind;
} toolhive_map;

static const toolhive_map maps[] = {
    {"servers",        MCPR_LEGACY_CONTAINER},
    {"remote_servers", MCPR_LEGACY_REMOTE   },
};
#define MAPS 2

typedef struct toolhive_reader {
    mcpr_feed_reader *reader;
    apr_hash_t *names; /* of the servers so far: two entries must not end with the same */
} toolhive_reader;

/* The server's name must be good and new. */
static void check_name(toolhive_reader *toolhive, const json_t *server, const char *place)
{
    mcpr_feed_reader *reader = toolhive->reader;
    static const mcpr_rule rule = {
        .type = MCPR_STRING, .min = 3, .max = 200, .pattern = &mcpr_pattern_server_name};
    json_t *member = json_object_get(server, "name");
    const char *name = json_string_value(member);
    mcpr_check check = {.problems = reader->problems};
    mcpr_place entry = mcpr_place_key(NULL, place), where = mcpr_place_key(&entry, "name");
    mcpr_check_value(&check, member, &rule, &where);
    if (apr_hash_get(toolhive->names, name, APR_HASH_KEY_STRING) != NULL) {
        mcpr_problems_add(reader->problems, NULL, "duplicate server name '%s' version '1.0.0'", name);
        return;
    }
    name = apr_pstrdup(reader->pool, name);
    apr_hash_set(toolhive->names, name, APR_HASH_KEY_STRING, name);
}

static int read_entry(toolhive_reader *toolhive, const toolhive_map *map, const char *key,
                      mcpr_json_span value)
{
    mcpr_feed_reader *reader = toolhive->reader;
    if (!mcpr_feed_count(reader)) {
        return 0;
    }
    if (mcpr_json_starts(value, 'n')) {
        mcpr_problems_add(reader->problems, NULL, "failed to convert server %s: the entry is null", key);
        return 1;
    }
    mcpr_place root = mcpr_place_key(NULL, map->key), step = mcpr_place_key(&root, key);
    const char *place = mcpr_place_text(&step, reader->scratch);
    json_t *entry = mcpr_json_load(value), *server = NULL;
    int before = reader->problems->total;
    mcpr_legacy_check(entry, map->kind, place, reader->problems);
    if (reader->problems->total == before) {
        server = mcpr_legacy_to_server(key, entry, map->kind);
        check_name(toolhive, server, place);
    }
    json_decref(entry);
    return server == NULL || mcpr_feed_deliver(reader, MCPR_KIND_SERVER, server, place);
}

/* An entry is as large as its key and its value together. */
static int has_good_size(mcpr_feed_reader *reader, const char *map, mcpr_json_span key, mcpr_json_span value)
{
    mcpr_json_span entry = {.start = key.start, .len = (apr_size_t)(value.start - key.start) + value.len};
    if (entry.len <= MCPR_DOCUMENT_VALUES) {
        return 1; /* spare the place */
    }
    mcpr_place root = mcpr_place_key(NULL, map);
    mcpr_place step = {.parent = &root, .key = key.start + 1, .key_len = key.len - 2};
    return mcpr_check_size(entry, mcpr_place_text(&step, reader->scratch), reader->problems);
}

/*
 * Where in the text the last member of each key begins: of equal keys, the last one counts. NULL when there
 * are more keys than a document may have entries, or one is too large: the table must not grow with what is
 * refused anyway.
 */
static apr_hash_t *last_members(mcpr_feed_reader *reader, const char *map_key, mcpr_json_span map,
                                apr_pool_t *pool)
{
    apr_hash_t *last = apr_hash_make(pool);
    mcpr_json_span key, value;
    for (mcpr_json_cursor cursor = mcpr_json_enter(map); mcpr_json_next(&cursor, &key, &value);) {
        if (!has_good_size(reader, map_key, key, value)) {
            return NULL;
        }
        const char *name = mcpr_json_key_text(key, reader->scratch);
        if (apr_hash_get(last, name, APR_HASH_KEY_STRING) == NULL) {
            name = apr_pstrdup(pool, name);
        }
        apr_hash_set(last, name, APR_HASH_KEY_STRING, value.start);
        apr_pool_clear(reader->scratch);
        if ((apr_int64_t)apr_hash_count(last) > reader->options->max_entries) {
            mcpr_feed_too_many(reader);
            return NULL;
        }
    }
    return last;
}

static void read_map(toolhive_reader *toolhive, const toolhive_map *map, mcpr_json_span members)
{
    mcpr_feed_reader *reader = toolhive->reader;
    apr_pool_t *index_pool;
    apr_pool_create(&index_pool, reader->pool);
    apr_hash_t *last = last_members(reader, map->key, members, index_pool);
    mcpr_json_span key, value;
    int more = last != NULL;
    for (mcpr_json_cursor cursor = mcpr_json_enter(members); more && mcpr_json_next(&cursor, &key, &value);) {
        const char *name = mcpr_json_key_text(key, reader->scratch);
        if (apr_hash_get(last, name, APR_HASH_KEY_STRING) == value.start) {
            more = read_entry(toolhive, map, name, value);
        }
        apr_pool_clear(reader->scratch);
    }
    apr_pool_destroy(index_pool);
}

/* Groups are not read; still they must be what they say they are. */
static void check_groups(mcpr_feed_reader *reader, mcpr_json_span groups)
{
    mcpr_json_span value;
    apr_size_t count = 0;
    if (!mcpr_feed_is_container(reader, groups, '[', "groups")) {
        return;
    }
    for (mcpr_json_cursor cursor = mcpr_json_enter(groups); mcpr_json_next(&cursor, NULL, &value); count++) {
        const char *place = apr_psprintf(reader->scratch, "groups.%" APR_SIZE_T_FMT, count);
        mcpr_feed_is_container(reader, value, '{', place);
        apr_pool_clear(reader->scratch);
    }
    if (count > 0) {
        mcpr_problems_add(reader->warnings, "groups", "%" APR_SIZE_T_FMT " ignored, with the servers in them",
                          count);
    }
}

/* What the format asks for and nobody needs: a bad value is worth a warning. */
static void check_head(mcpr_feed_reader *reader, mcpr_json_span version, mcpr_json_span last_updated)
{
    static const mcpr_rule version_rule = {.type = MCPR_STRING, .pattern = &mcpr_pattern_three_numbers};
    static const mcpr_rule time_rule = {.type = MCPR_STRING, .pattern = &mcpr_pattern_date_time};
    if (version.start != NULL) {
        mcpr_feed_check_scalar(reader, reader->warnings, version, &version_rule, "version");
    }
    if (last_updated.start != NULL) {
        mcpr_feed_check_scalar(reader, reader->warnings, last_updated, &time_rule, "last_updated");
    }
}

void mcpr_feed_read_toolhive(mcpr_feed_reader *reader, mcpr_json_span root)
{
    enum { SERVERS, REMOTE_SERVERS, VERSION, LAST_UPDATED, GROUPS, MEMBERS };
    static const char *const names[MEMBERS] = {"servers", "remote_servers", "version", "last_updated",
                                               "groups"};
    mcpr_json_span found[MEMBERS];
    toolhive_reader toolhive = {.reader = reader, .names = apr_hash_make(reader->pool)};
    mcpr_json_find(root, names, found, MEMBERS, reader->pool);
    check_head(reader, found[VERSION], found[LAST_UPDATED]);
    if (found[GROUPS].start != NULL && !mcpr_json_starts(found[GROUPS], 'n')) {
        check_groups(reader, found[GROUPS]);
    }
    for (int i = 0; i < MAPS && reader->status == APR_SUCCESS; i++) {
        mcpr_json_span map = found[i];
        if (map.start != NULL && !mcpr_json_starts(map, 'n') &&
            mcpr_feed_is_container(reader, map, '{', maps[i].key)) {
            read_map(&toolhive, &maps[i], map);
        }
    }
    if (reader->entries == 0 && mcpr_problems_none(reader->problems)) {
        mcpr_problems_add(reader->problems, NULL, "registry must contain at least one server");
    }
}
