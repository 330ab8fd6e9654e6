/*
 * The inner parts of the feed reader: what the readers of the two formats share. For common/model/feed*.c
 * only.
 */
#ifndef MCPR_MODEL_FEED_READER_H
#define MCPR_MODEL_FEED_READER_H

#include "common/model/feed.h"
#include "common/model/json_scan.h"
#include "common/model/json_text.h"
#include "common/model/shape.h"

typedef struct mcpr_feed_reader {
    const mcpr_feed_options *options;
    mcpr_feed_sink *sink;
    void *baton;
    mcpr_problems *problems, *warnings;
    apr_pool_t *pool;    /* for the whole reading */
    apr_pool_t *scratch; /* for one entry; cleared after it */
    mcpr_json_text text; /* the entry's document; used again for the next */
    apr_int64_t entries;
    mcpr_status server_status; /* what a list says of the server that is delivered; ACTIVE elsewhere */
    const char *server_message;
    apr_status_t status; /* of the sink, or APR_EINVAL when there is no point in going on */
} mcpr_feed_reader;

/** The readers of the two formats: `root` is the document's object. */
void mcpr_feed_read_upstream(mcpr_feed_reader *reader, mcpr_json_span root);
void mcpr_feed_read_toolhive(mcpr_feed_reader *reader, mcpr_json_span root);

/** The same for an API's list; it is given the text, and checks it. */
void mcpr_feed_read_list(mcpr_feed_reader *reader, const char *data, apr_size_t len);

/** Ends the reading with a problem: the document has more entries than are allowed. */
void mcpr_feed_too_many(mcpr_feed_reader *reader);

/** Counts one more entry; returns 0, with a problem, when the document has more than are allowed. */
int mcpr_feed_count(mcpr_feed_reader *reader);

/**
 * Completes, renders and measures a checked document, and hands it to the sink if nothing was wrong so far.
 * `place` is the entry's. Takes the reference. Returns 0 when reading is over.
 */
int mcpr_feed_deliver(mcpr_feed_reader *reader, mcpr_kind kind, json_t *document, const char *place);

/** Loads a member that ought to be a scalar and checks it by `rule`; a container is not loaded for that. */
void mcpr_feed_check_scalar(mcpr_feed_reader *reader, mcpr_problems *problems, mcpr_json_span value,
                            const mcpr_rule *rule, const char *place);

/** Non-zero when `value` is a container that begins with `first`; a problem at `place` otherwise. */
int mcpr_feed_is_container(mcpr_feed_reader *reader, mcpr_json_span value, char first, const char *place);

#endif
