/*
 * Documents: feeds in both formats, one server.json, and conversion between the formats.
 */
#include "common/model/check.h"
#include "common/model/feed.h"
#include "common/model/json_text.h"
#include "common/model/legacy.h"
#include "common/util/utf8.h"
#include "t/fuzz/fuzz.h"
#include <stdlib.h>
#include <string.h>

#define ENOUGH 20

/* --- feeds */

typedef struct sunk {
    apr_pool_t *pool;
    mcpr_kind kind; /* of the last entry */
    int entries;
} sunk;

/* What is stored must be storable, and JSON that says what the tree says. */
static apr_status_t sink(void *baton, const mcpr_entry *entry)
{
    sunk *to = baton;
    mcpr_problems *problems = mcpr_problems_create(to->pool, ENOUGH);
    json_t *again = mcpr_json_parse(entry->document, entry->document_len, problems);

    mcpr_fuzz_require(mcpr_problems_none(problems) && json_is_object(again));
    mcpr_fuzz_require(json_equal(again, entry->json));
    json_decref(again);
    /* A server's version may be empty, if only in a file. */
    mcpr_fuzz_require(*entry->name && (*entry->version || entry->kind == MCPR_KIND_SERVER));
    mcpr_fuzz_require(mcpr_utf8_valid(entry->name, strlen(entry->name)));
    mcpr_fuzz_require(mcpr_utf8_valid(entry->version, strlen(entry->version)));
    mcpr_fuzz_require(mcpr_utf8_valid(entry->search_text, strlen(entry->search_text)));
    mcpr_fuzz_require((entry->kind == MCPR_KIND_SERVER) == !*entry->namespace_);
    mcpr_fuzz_require(entry->kind >= to->kind);
    to->kind = entry->kind;
    to->entries++;
    return APR_SUCCESS;
}

static void read_feed(const char *text, apr_size_t len, mcpr_format format, apr_pool_t *pool)
{
    mcpr_feed_options options = {.format = format, .max_meta_size = 512, .max_entries = 8};
    mcpr_problems *problems = mcpr_problems_create(pool, ENOUGH),
                  *warnings = mcpr_problems_create(pool, ENOUGH);
    sunk to = {.pool = pool};
    /* A feed need not end with NUL: reading on must be seen. */
    char *exact = malloc(len + (len == 0));
    apr_status_t rv;

    mcpr_fuzz_require(exact);
    memcpy(exact, text, len);
    rv = mcpr_feed_read(exact, len, &options, sink, &to, problems, warnings, pool);
    mcpr_fuzz_require((rv == APR_SUCCESS) == mcpr_problems_none(problems));
    mcpr_fuzz_require(rv != APR_SUCCESS || to.entries <= options.max_entries);
    if (rv != APR_SUCCESS) {
        const char *refusal = mcpr_feed_refusal(problems, pool);

        mcpr_fuzz_require(*refusal && mcpr_utf8_valid(refusal, strlen(refusal)));
    }
    mcpr_fuzz_require(mcpr_feed_format_name(exact, len, pool));
    free(exact);
}

void mcpr_fuzz_feed_upstream(const char *text, apr_size_t len, apr_pool_t *pool)
{
    read_feed(text, len, MCPR_FORMAT_UPSTREAM, pool);
}

void mcpr_fuzz_feed_toolhive(const char *text, apr_size_t len, apr_pool_t *pool)
{
    read_feed(text, len, MCPR_FORMAT_TOOLHIVE, pool);
}

/* --- single documents */

typedef void checker(json_t *document, const char *place, mcpr_problems *problems);

static json_t *parse(const char *text, apr_size_t len, apr_pool_t *pool)
{
    mcpr_problems *problems = mcpr_problems_create(pool, ENOUGH);
    json_t *json = mcpr_json_parse(text, len, problems);

    mcpr_fuzz_require(!json == !mcpr_problems_none(problems));
    return json;
}

/* Checks a document; non-zero when it is right. Written and read again, it is the same and as right. */
static int is_right(json_t *document, checker *check, apr_pool_t *pool)
{
    mcpr_problems *problems = mcpr_problems_create(pool, ENOUGH), *more = mcpr_problems_create(pool, ENOUGH);
    mcpr_json_text written = mcpr_json_text_create(pool);
    json_t *again;

    check(document, "", problems);
    mcpr_json_render(&written, document);
    again = parse(written.data, written.len, pool);
    mcpr_fuzz_require(again && json_equal(again, document));
    check(again, "", more);
    mcpr_fuzz_require(more->total == problems->total);
    json_decref(again);
    return mcpr_problems_none(problems);
}

/* A right server is an entry of ToolHive's format, or it is told why not. */
static void convert_back(const json_t *server)
{
    const char *complaint = NULL;
    int kind = 0;
    json_t *entry = mcpr_legacy_from_server(server, &kind, &complaint);

    mcpr_fuzz_require(entry ? kind == MCPR_LEGACY_CONTAINER || kind == MCPR_LEGACY_REMOTE : !!complaint);
    json_decref(entry);
}

void mcpr_fuzz_server(const char *text, apr_size_t len, apr_pool_t *pool)
{
    static checker *const checkers[] = {mcpr_skill_check, mcpr_plugin_check, mcpr_server_check_types,
                                        mcpr_server_check};

    for (size_t i = 0; i < sizeof checkers / sizeof *checkers; i++) {
        json_t *document = parse(text, len, pool);

        if (!document) {
            return;
        }
        if (is_right(document, checkers[i], pool) && checkers[i] == mcpr_server_check) {
            mcpr_server_publisher_provided(document);
            convert_back(document);
        }
        json_decref(document);
    }
}

void mcpr_fuzz_legacy(const char *text, apr_size_t len, apr_pool_t *pool)
{
    for (int kind = MCPR_LEGACY_CONTAINER; kind <= MCPR_LEGACY_REMOTE; kind++) {
        mcpr_problems *problems = mcpr_problems_create(pool, ENOUGH);
        json_t *entry = parse(text, len, pool), *server;

        if (!entry) {
            return;
        }
        mcpr_legacy_check(entry, kind, "", problems);
        if (mcpr_problems_none(problems)) {
            server = mcpr_legacy_to_server("key", entry, kind);
            mcpr_fuzz_require(json_is_object(server));
            convert_back(server);
            json_decref(server);
        }
        json_decref(entry);
    }
}
