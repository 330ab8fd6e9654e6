/*
 * Pages of a list of servers: their shape, and the way of one server to its visitor.
 */
#include "common/model/server_list.h"
#include "common/model/check.h"
#include "common/model/json_number.h"
#include "common/model/json_text.h"
#include "common/model/shape.h"
#include <apr_strings.h>
#include <string.h>

#define OFFICIAL "io.modelcontextprotocol.registry/official"

/* --- the page */

static int is_absent(mcpr_json_span value)
{
    return value.start == NULL || mcpr_json_starts(value, 'n');
}

/* The container at `value`; a complaint that names `place` when it is something else. */
static int is_container(mcpr_json_span value, char first, const char *place, mcpr_problems *problems)
{
    if (mcpr_json_starts(value, first)) {
        return 1;
    }
    mcpr_problems_add(problems, place, value.start != NULL ? "must be %s" : "is missing, must be %s",
                      first == '{' ? "an object" : "an array");
    return 0;
}

static int read_cursor(mcpr_server_list *list, mcpr_json_span metadata, mcpr_problems *problems,
                       apr_pool_t *pool)
{
    static const char *const names[] = {"nextCursor"};
    mcpr_json_span cursor;
    if (is_absent(metadata)) {
        return 1;
    }
    if (!is_container(metadata, '{', "metadata", problems)) {
        return 0;
    }
    mcpr_json_find(metadata, names, &cursor, 1, pool);
    if (is_absent(cursor)) {
        return 1;
    }
    if (!mcpr_json_starts(cursor, '"') || cursor.len > MCPR_CURSOR_BYTES) {
        mcpr_problems_add(problems, "metadata.nextCursor", "must be a string of at most %d bytes",
                          MCPR_CURSOR_BYTES);
        return 0;
    }
    const char *text = mcpr_json_key_text(cursor, pool);
    list->next_cursor = *text != '\0' ? text : NULL;
    return 1;
}

int mcpr_server_list_open(mcpr_server_list *list, const char *data, apr_size_t len, mcpr_problems *problems,
                          apr_pool_t *pool)
{
    enum { SERVERS, METADATA, MEMBERS };
    static const char *const names[MEMBERS] = {"servers", "metadata"};
    mcpr_json_span root, found[MEMBERS], element;
    memset(list, 0, sizeof *list);
    if (!mcpr_json_scan(data, len, &root, problems) || !is_container(root, '{', "(root)", problems)) {
        return 0;
    }
    mcpr_json_find(root, names, found, MEMBERS, pool);
    if (!is_container(found[SERVERS], '[', "servers", problems) ||
        !read_cursor(list, found[METADATA], problems, pool)) {
        return 0;
    }
    list->servers = found[SERVERS];
    for (mcpr_json_cursor cursor = mcpr_json_enter(list->servers); mcpr_json_next(&cursor, NULL, &element);) {
        list->count++;
    }
    return 1;
}

/* --- one server */

static const mcpr_member official_members[] = {
    {"status",                                                   0, {.type = MCPR_STRING}},
    {"statusMessage",                                     0, {.type = MCPR_STRING}},
    {"publishedAt",                                            0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_date_time}},
    {"updatedAt",                                     0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_date_time}},
    {"statusChangedAt",                                              0, {.type = MCPR_STRING, .pattern = &mcpr_pattern_date_time}},
    {"isLatest", 0, {.type = MCPR_BOOLEAN}},
    {0                                               },
};
static const mcpr_shape official_shape = {.members = official_members};
static const mcpr_member meta_members[] = {
    {OFFICIAL,                                         0, {.type = MCPR_OBJECT, .shape = &official_shape}},
    {0},
};
static const mcpr_shape meta_shape = {.members = meta_members};
static const mcpr_rule meta_rule = {.type = MCPR_OBJECT, .shape = &meta_shape};

typedef struct reader {
    mcpr_server_visit *visit;
    void *baton;
    mcpr_problems *problems, *warnings;
    apr_pool_t *scratch;
} reader;

/* What the registry says of the server. `meta` is kept by the caller. */
static void read_status(reader *r, mcpr_listed_server *listed, const json_t *meta, const char *place)
{
    const json_t *official = json_object_get(meta, OFFICIAL);
    const char *word = json_string_value(json_object_get(official, "status"));
    const char *message = json_string_value(json_object_get(official, "statusMessage"));
    listed->status_message = message != NULL && *message != '\0' ? message : NULL;
    if (word == NULL || *word == '\0') {
        return;
    }
    if (!mcpr_status_parse(&listed->status, word) || listed->status == MCPR_STATUS_ARCHIVED) {
        listed->status = MCPR_STATUS_ACTIVE;
        mcpr_problems_add(r->warnings, place, "status '%.64s' is unknown, taken as active", word);
    }
}

static int visit_checked(reader *r, mcpr_listed_server *listed, const json_t *meta, const char *place)
{
    json_t *name = json_object_get(listed->server, "name");
    if (!mcpr_json_is_text(name) || json_string_length(name) == 0) {
        mcpr_problems_add(r->warnings, place, "skipped: the server has no name");
        return 1;
    }
    read_status(r, listed, meta, place);
    return r->visit(r->baton, listed);
}

static int read_element(reader *r, mcpr_json_span element, apr_size_t index)
{
    enum { SERVER, META, MEMBERS };
    static const char *const names[MEMBERS] = {"server", "_meta"};
    const char *place = apr_psprintf(r->scratch, "servers.%" APR_SIZE_T_FMT, index);
    const char *server_place = apr_pstrcat(r->scratch, place, ".server", NULL);
    mcpr_json_span found[MEMBERS];
    if (!is_container(element, '{', place, r->problems) || !mcpr_check_size(element, place, r->problems)) {
        return 1;
    }
    mcpr_json_find(element, names, found, MEMBERS, r->scratch);
    if (!is_container(found[SERVER], '{', server_place, r->problems)) {
        return 1;
    }
    mcpr_listed_server listed = {.index = index, .server = mcpr_json_load(found[SERVER])};
    json_t *meta = is_absent(found[META]) ? NULL : mcpr_json_load(found[META]);
    int before = r->problems->total, more = 1;
    mcpr_server_check_types(listed.server, server_place, r->problems);
    if (meta != NULL) {
        mcpr_check check = {.problems = r->problems};
        mcpr_place where = mcpr_place_key(NULL, apr_pstrcat(r->scratch, place, "._meta", NULL));
        mcpr_check_value(&check, meta, &meta_rule, &where);
    }
    if (r->problems->total == before) {
        more = visit_checked(r, &listed, meta, place);
    }
    json_decref(meta);
    json_decref(listed.server);
    return more;
}

void mcpr_server_list_read(const mcpr_server_list *list, mcpr_server_visit *visit, void *baton,
                           mcpr_problems *problems, mcpr_problems *warnings, apr_pool_t *pool)
{
    reader r = {.visit = visit, .baton = baton, .problems = problems, .warnings = warnings};
    mcpr_json_cursor cursor = mcpr_json_enter(list->servers);
    mcpr_json_span element;
    apr_size_t index = 0;
    int more = 1;
    apr_pool_create(&r.scratch, pool);
    while (more && mcpr_json_next(&cursor, NULL, &element)) {
        more = read_element(&r, element, index++);
        apr_pool_clear(r.scratch);
    }
    apr_pool_destroy(r.scratch);
}

/* --- and back */

void mcpr_server_list_render(mcpr_json_text *text, const mcpr_listed_server *listed)
{
    static const char head[] = "{\"server\":", middle[] = ",\"_meta\":";
    mcpr_json_append(text, head, sizeof head - 1);
    mcpr_json_render(text, listed->server);
    if (listed->status != MCPR_STATUS_ACTIVE || listed->status_message != NULL) {
        json_t *meta = json_pack("{s:{s:s, s:s*}}", OFFICIAL, "status", mcpr_status_name(listed->status),
                                 "statusMessage", listed->status_message);
        mcpr_json_append(text, middle, sizeof middle - 1);
        mcpr_json_render(text, meta);
        json_decref(meta);
    }
    mcpr_json_append(text, "}", 1);
}
