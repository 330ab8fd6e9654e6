/*
 * A source document, in either file format, as a stream of checked and rendered entries (spec formats.md).
 *
 * The format is found out by content. The document is never held as a tree: one entry at a time is parsed,
 * checked, converted when it is ToolHive's format, rendered and handed to the sink, so that memory stays near
 * the size of the text. Rules are those of formats.md 2–5 with the decisions of the spec's README (1, 27,
 * 32).
 */
#ifndef MCPR_MODEL_FEED_H
#define MCPR_MODEL_FEED_H

#include "common/config/config.h"
#include "common/model/model.h"
#include "common/util/attributes.h"
#include "common/util/problems.h"
#include <apr_errno.h>
#include <jansson.h>

/** One version as it will be stored. All of it belongs to the reader and is gone when the sink returns. */
typedef struct mcpr_entry {
    mcpr_kind kind;
    const char *namespace_; /* "" for servers */
    const char *name;
    const char *version;
    mcpr_status status;         /* a skill's or plugin's own; ACTIVE for servers of files */
    const char *status_message; /* NULL when none */
    const char *document;       /* the rendered object (render.h), compact JSON */
    apr_size_t document_len;
    const char *search_text; /* folded name, title, description, joined by MCPR_FOLD_SEPARATOR */
    const json_t *json;      /* the same object as a tree, for filters by tag; its numbers: json_number.h */
} mcpr_entry;

/** Takes one entry. Anything but APR_SUCCESS ends the reading with that status. */
typedef apr_status_t mcpr_feed_sink(void *baton, const mcpr_entry *entry);

typedef struct mcpr_feed_options {
    mcpr_format format; /* what to insist on */
    int is_list;        /* an API's list, gathered by its source (server_list.h): no format is looked for */
    apr_int64_t max_meta_size; /* bytes of a server's compact publisher-provided block */
    apr_int64_t max_entries;   /* of all kinds together */
} mcpr_feed_options;

/**
 * Reads the document in `data`. Entries reach `sink` in the document's order, servers before skills before
 * plugins, also when a later one turns out to be wrong: whoever stores must throw away what it has on
 * failure.
 *
 * Returns APR_EINVAL when the document is refused: everything wrong with it (the first 20) is in `problems`,
 * each with its path, or its byte offset where it is not JSON. `warnings` gets what is accepted but odd.
 * `pool` is for scratch; nothing per entry is kept in it.
 */
MCPR_MUSTCHECK apr_status_t mcpr_feed_read(const char *data, apr_size_t len, const mcpr_feed_options *options,
                                           mcpr_feed_sink *sink, void *baton, mcpr_problems *problems,
                                           mcpr_problems *warnings, apr_pool_t *pool);

/**
 * The problems of a refused document as one text in `pool`, led by the words for the step that failed:
 * "registry schema validation failed: data.servers.0.name: …" (formats.md 2.9). A problem without a place
 * stands alone.
 */
const char *mcpr_feed_refusal(const mcpr_problems *problems, apr_pool_t *pool);

/** Which format a document is in, told from its top-level keys; for messages and `validate`. */
const char *mcpr_feed_format_name(const char *data, apr_size_t len, apr_pool_t *pool);

#endif
