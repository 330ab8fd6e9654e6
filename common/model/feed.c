/*
 * Reading of feeds: the checks of the whole text, the choice of the format, and the way of one entry to the
 * sink.
 */
#include "common/model/feed.h"
#include "common/model/check.h"
#include "common/model/feed_reader.h"
#include "common/model/render.h"
#include "common/util/fold.h"
#include <apr_strings.h>
#include <string.h>

/* --- formats */

typedef struct format_row {
    mcpr_format format;
    const char *name;
    const char *refusal; /* when the other format was insisted on */
    void (*read)(mcpr_feed_reader *reader, mcpr_json_span root);
} format_row;

static const format_row upstream = {
    .format = MCPR_FORMAT_UPSTREAM,
    .name = "upstream",
    .refusal = "document is in the upstream format but format is 'toolhive'",
    .read = mcpr_feed_read_upstream,
};
static const format_row toolhive = {
    .format = MCPR_FORMAT_TOOLHIVE,
    .name = "toolhive",
    .refusal = "document is in the legacy ToolHive format but format is 'upstream'",
    .read = mcpr_feed_read_toolhive,
};

/* By top-level keys alone (formats.md 1.2). */
static const format_row *detect(mcpr_json_span root, apr_pool_t *pool)
{
    static const char *const names[] = {"data", "servers", "remote_servers", "groups"};
    mcpr_json_span found[4];
    mcpr_json_find(root, names, found, 4, pool);
    int is_toolhive = found[1].start != NULL || found[2].start != NULL || found[3].start != NULL;
    return !mcpr_json_starts(found[0], '{') && is_toolhive ? &toolhive : &upstream;
}

const char *mcpr_feed_format_name(const char *data, apr_size_t len, apr_pool_t *pool)
{
    mcpr_json_span root;
    int is_object =
        mcpr_json_scan(data, len, &root, mcpr_problems_create(pool, 1)) && mcpr_json_starts(root, '{');
    return is_object ? detect(root, pool)->name : upstream.name;
}

/* --- one entry */

void mcpr_feed_too_many(mcpr_feed_reader *reader)
{
    mcpr_problems_add(reader->problems, NULL, "document has more than %" APR_INT64_T_FMT " entries",
                      reader->options->max_entries);
    reader->status = APR_EINVAL;
}

int mcpr_feed_count(mcpr_feed_reader *reader)
{
    if (++reader->entries <= reader->options->max_entries) {
        return 1;
    }
    mcpr_feed_too_many(reader);
    return 0;
}

/* The block is inside the document: only where that is longer than allowed, the block is measured alone. */
static void check_meta_size(mcpr_feed_reader *reader, const json_t *server, const char *place)
{
    apr_int64_t max = reader->options->max_meta_size;
    const json_t *block = mcpr_server_publisher_provided(server);
    if (block == NULL || (apr_int64_t)reader->text.len <= max) {
        return;
    }
    apr_size_t document_len = reader->text.len;
    mcpr_json_render(&reader->text, block);
    apr_int64_t size = (apr_int64_t)(reader->text.len - document_len);
    reader->text.len = document_len;
    if (size > max) {
        mcpr_problems_add(reader->problems, place,
                          "publisher-provided metadata size %" APR_INT64_T_FMT
                          " bytes exceeds maximum allowed size of %" APR_INT64_T_FMT " bytes",
                          size, max);
    }
}

static const char *text_of(const json_t *document, const char *key)
{
    const char *text = json_string_value(json_object_get(document, key));
    return text != NULL ? text : "";
}

int mcpr_feed_deliver(mcpr_feed_reader *reader, mcpr_kind kind, json_t *document, const char *place)
{
    mcpr_entry entry = {.kind = kind, .status = MCPR_STATUS_ACTIVE, .namespace_ = "", .json = document};
    if (kind == MCPR_KIND_SERVER) {
        entry.status = reader->server_status;
        entry.status_message = reader->server_message;
        mcpr_server_complete(document);
    } else {
        entry.status = mcpr_skill_complete(document);
        entry.namespace_ = text_of(document, "namespace");
    }
    reader->text.len = 0;
    mcpr_json_render(&reader->text, document);
    if (kind == MCPR_KIND_SERVER) {
        check_meta_size(reader, document, place);
    }
    if (mcpr_problems_none(reader->problems)) {
        mcpr_json_append(&reader->text, "", 1);
        entry.name = text_of(document, "name");
        entry.version = text_of(document, "version");
        entry.document = reader->text.data;
        entry.document_len = reader->text.len - 1;
        entry.search_text = mcpr_search_text(document, reader->scratch);
        reader->status = reader->sink(reader->baton, &entry);
    }
    json_decref(document);
    return reader->status == APR_SUCCESS;
}

/* --- parts of documents */

/* A value of the span's type, for a complaint about it, without loading a whole tree. NULL: it is too large,
 * that is the complaint. */
static json_t *load_scalar(mcpr_json_span value, const char *place, mcpr_problems *problems)
{
    if (mcpr_json_starts(value, '{')) {
        return json_object();
    }
    if (mcpr_json_starts(value, '[')) {
        return json_array();
    }
    return mcpr_check_size(value, place, problems) ? mcpr_json_load(value) : NULL;
}

void mcpr_feed_check_scalar(mcpr_feed_reader *reader, mcpr_problems *problems, mcpr_json_span value,
                            const mcpr_rule *rule, const char *place)
{
    (void)reader;
    mcpr_check check = {.problems = problems};
    mcpr_place where = mcpr_place_key(NULL, place);
    json_t *loaded = load_scalar(value, place, problems);
    if (loaded == NULL) {
        return;
    }
    mcpr_check_value(&check, loaded, rule, &where);
    json_decref(loaded);
}

int mcpr_feed_is_container(mcpr_feed_reader *reader, mcpr_json_span value, char first, const char *place)
{
    const mcpr_rule rule = {.type = first == '{' ? MCPR_OBJECT : MCPR_ARRAY};
    if (mcpr_json_starts(value, first)) {
        return 1;
    }
    mcpr_feed_check_scalar(reader, reader->problems, value, &rule, place);
    return 0;
}

/* --- the whole */

/* A document in one of the formats. Returns 0 when it is refused before an entry was read. */
static int read_document(mcpr_feed_reader *reader, const char *data, apr_size_t len)
{
    mcpr_format wanted = reader->options->format;
    mcpr_json_span root;
    if (!mcpr_json_scan(data, len, &root, reader->problems) ||
        !mcpr_feed_is_container(reader, root, '{', "(root)")) {
        return 0;
    }
    const format_row *format = detect(root, reader->pool);
    if (wanted != MCPR_FORMAT_AUTO && wanted != format->format) {
        mcpr_problems_add(reader->problems, NULL, "%s", format->refusal);
        return 0;
    }
    format->read(reader, root);
    return 1;
}

apr_status_t mcpr_feed_read(const char *data, apr_size_t len, const mcpr_feed_options *options,
                            mcpr_feed_sink *sink, void *baton, mcpr_problems *problems,
                            mcpr_problems *warnings, apr_pool_t *pool)
{
    mcpr_feed_reader reader = {.options = options,
                               .sink = sink,
                               .baton = baton,
                               .problems = problems,
                               .warnings = warnings,
                               .pool = pool,
                               .text = mcpr_json_text_create(pool)};
    if (len == 0) {
        mcpr_problems_add(problems, NULL, "data cannot be empty");
        return APR_EINVAL;
    }
    apr_pool_create(&reader.scratch, pool);
    if (options->is_list) {
        mcpr_feed_read_list(&reader, data, len);
    } else if (!read_document(&reader, data, len)) {
        reader.status = APR_EINVAL;
    }
    apr_pool_destroy(reader.scratch);
    if (reader.status != APR_SUCCESS) {
        return reader.status;
    }
    return mcpr_problems_none(problems) ? APR_SUCCESS : APR_EINVAL;
}

/* --- the words for a refusal */

typedef struct refusal_row {
    const char *place;   /* what the places of its problems begin with */
    const char *message; /* what their messages do */
    const char *prefix;
} refusal_row;

static const refusal_row refusals[] = {
    {"server ",        "",            "publisher-provided extensions validation failed"},
    {"servers",        "",            "failed to parse ToolHive registry format"       },
    {"remote_servers", "",            "failed to parse ToolHive registry format"       },
    {"groups",         "",            "failed to parse ToolHive registry format"       },
    {"line ",          MCPR_JSON_END, "failed to parse registry JSON"                  },
    {"",               "",            "registry schema validation failed"              },
};

static const char *prefix_of(const mcpr_problem *problem)
{
    const refusal_row *row = refusals;
    while (strncmp(problem->place, row->place, strlen(row->place)) != 0 ||
           strncmp(problem->message, row->message, strlen(row->message)) != 0) {
        row++;
    }
    return row->prefix;
}

const char *mcpr_feed_refusal(const mcpr_problems *problems, apr_pool_t *pool)
{
    const mcpr_problem *list = (const mcpr_problem *)problems->list->elts;
    if (problems->total == 1 && problems->list->nelts == 1 && *list[0].place == '\0') {
        return apr_pstrdup(pool, list[0].message);
    }
    const char *prefix = problems->list->nelts > 0 ? prefix_of(&list[0]) : "";
    for (int i = 1; i < problems->list->nelts; i++) {
        if (strcmp(prefix_of(&list[i]), prefix) != 0) {
            prefix = refusals[sizeof refusals / sizeof *refusals - 1].prefix;
        }
    }
    return mcpr_problems_text(problems, prefix, pool);
}
