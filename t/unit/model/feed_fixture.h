/*
 * Reading a feed in a test: what came out of it, as text.
 */
#ifndef MCPR_UNIT_FEED_FIXTURE_H
#define MCPR_UNIT_FEED_FIXTURE_H

#include "common/model/feed.h"
#include "t/unit/unit.h"
#include <apr_strings.h>
#include <apr_tables.h>
#include <string.h>

/** One entry, copied. */
typedef struct feed_entry {
    mcpr_entry entry;
    const char *document; /* terminated */
} feed_entry;

typedef struct feed_result {
    apr_pool_t *pool;
    apr_array_header_t *entries; /* of feed_entry */
    int stop_after;              /* the sink refuses the entry with this number; 0: none */
    mcpr_problems *problems, *warnings;
    apr_status_t status;
    const char *refusal; /* "" when it was accepted */
} feed_result;

static inline apr_status_t feed_collect(void *baton, const mcpr_entry *entry)
{
    feed_result *result = baton;
    feed_entry *copy = apr_array_push(result->entries);
    copy->entry = *entry;
    copy->entry.name = apr_pstrdup(result->pool, entry->name);
    copy->entry.namespace_ = apr_pstrdup(result->pool, entry->namespace_);
    copy->entry.version = apr_pstrdup(result->pool, entry->version);
    copy->entry.search_text = apr_pstrdup(result->pool, entry->search_text);
    copy->entry.document = NULL;
    copy->entry.json = NULL;
    copy->document = apr_pstrmemdup(result->pool, entry->document, entry->document_len);
    ck_assert_uint_eq(strlen(copy->document), entry->document_len);
    return result->entries->nelts == result->stop_after ? APR_EGENERAL : APR_SUCCESS;
}

/** Reads `len` bytes, which are copied to a place of exactly their size, so that reading on is found out. */
static inline void feed_read_bytes(feed_result *result, const char *data, apr_size_t len,
                                   const mcpr_feed_options *options)
{
    char *exact = malloc(len + (len == 0));
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, data, len);
    result->entries = apr_array_make(result->pool, 4, sizeof(feed_entry));
    result->problems = mcpr_problems_create(result->pool, 20);
    result->warnings = mcpr_problems_create(result->pool, 20);
    result->status = mcpr_feed_read(exact, len, options, feed_collect, result, result->problems,
                                    result->warnings, result->pool);
    result->refusal =
        mcpr_problems_none(result->problems) ? "" : mcpr_feed_refusal(result->problems, result->pool);
    free(exact);
}

static const mcpr_feed_options feed_defaults = {
    .format = MCPR_FORMAT_AUTO, .max_meta_size = 262144, .max_entries = 100000};

/** Reads a text with the default options. */
static inline feed_result feed_read(const char *text, apr_pool_t *pool)
{
    feed_result result = {.pool = pool};
    feed_read_bytes(&result, text, strlen(text), &feed_defaults);
    return result;
}

/** The entry with this index, which must be there. */
static inline const feed_entry *feed_at(const feed_result *result, int index)
{
    ck_assert_msg(result->status == APR_SUCCESS, "refused: %s", result->refusal);
    ck_assert_int_lt(index, result->entries->nelts);
    return &APR_ARRAY_IDX(result->entries, index, feed_entry);
}

/** An upstream document around lists. */
#define UPSTREAM(data) \
    "{\"version\":\"1.0.0\",\"meta\":{\"last_updated\":\"2026-01-15T10:30:00Z\"},\"data\":" data "}"
#define SERVERS(servers) UPSTREAM("{\"servers\":[" servers "]}")
/** A server that is right, with more members after a comma. */
#define SERVER(more) "{\"name\":\"com.acme/a\",\"description\":\"d\",\"version\":\"1\"" more "}"

#endif
