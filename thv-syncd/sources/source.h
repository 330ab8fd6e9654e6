/*
 * Where entries come from.
 *
 * A source is opened from its configuration and fetched: its document is handed over whole, as bytes with
 * their SHA-256. A source that knows how may answer less: nothing at all when the document is the known one,
 * or only what changed since an earlier fetch. What the bytes mean is the feed reader's
 * business (common/model/feed.h); what is stored is the writer's. A source talks to no database, and no
 * transaction is open while it works.
 *
 * Messages are those of spec sync.md 4–7, without the handler's prefix of 7.5 ("Fetch failed: ").
 */
#ifndef THV_SYNCD_SOURCES_SOURCE_H
#define THV_SYNCD_SOURCES_SOURCE_H

#include "common/config/config.h"
#include "thv-syncd/status.h"
#include <apr_pools.h>
#include <apr_tables.h>
#include <jansson.h>

/* --- for callers */

typedef struct mcpr_source mcpr_source;

/** What a fetch brings. */
typedef struct mcpr_document {
    const char *data; /* lives in the pool given to mcpr_source_fetch(); NULL: it has the known hash */
    apr_size_t len;
    const char *hash; /* 64 hexadecimal digits: the SHA-256 of the bytes, unless the source knows better */
    int is_list;      /* not a registry file but an API's list (common/model/server_list.h) */
    int is_partial;   /* only what changed since limits.since; a deleted version says that it is gone */
    const char *mark; /* what the next fetch may give as limits.since; NULL: it has to be complete */
} mcpr_document;

/** The bounds of every fetch; the deadline and the stop come through the pulse. */
typedef struct mcpr_source_limits {
    apr_int64_t document_bytes, entries, pages;
    const char *state_dir;  /* where caches may be kept, NULL: nowhere */
    const char *known_hash; /* a document with this hash needs no bytes; NULL: any does */
    const char *since;      /* the mark of an earlier fetch, with known_hash alone; NULL: bring everything */
} mcpr_source_limits;

/**
 * The complaint about a configured source that this daemon cannot serve, naming the key; NULL when it can.
 * Pure: called when the configuration is loaded, so that nothing is silently left out. In `pool`.
 */
const char *mcpr_source_complaint(const mcpr_config_source *config, apr_pool_t *pool);

/** Non-zero when sources of this type are fetched by time; managed and kubernetes are not. */
int mcpr_source_syncable(const mcpr_config_source *config);

/** The type block as the database keeps it and the admin API shows it (spec api-admin.md 3.3), without
 * passwords: a new reference. */
json_t *mcpr_source_describe(const mcpr_config_source *config);

/**
 * Opens a source. All its state lives in `pool`, and so does *error on failure. APR_EINVAL: its settings make
 * no sense ("Registry validation failed: " in 7.5).
 */
MCPR_MUSTCHECK apr_status_t mcpr_source_open(mcpr_source **source, const mcpr_config_source *config,
                                             const mcpr_source_limits *limits, const mcpr_pulse *pulse,
                                             const char **error, apr_pool_t *pool);

/** Fetches. On failure *error tells the far side's or the file's reason, cleaned, in `pool`. */
MCPR_MUSTCHECK apr_status_t mcpr_source_fetch(mcpr_source *source, mcpr_document *document,
                                              const char **error, apr_pool_t *pool);

/**
 * For the daemon's start: removes what other sources than `names` (const char *) left in the state directory,
 * and what a killed process left half. What somebody works in is left alone. Returns the last failure.
 */
MCPR_MUSTCHECK apr_status_t mcpr_source_sweep(const char *state_dir, const apr_array_header_t *names,
                                              apr_pool_t *pool);

/* --- for implementers: one file a type; sources/source.c lists the handlers */

typedef struct mcpr_source_handler {
    mcpr_source_type type;
    int syncable; /* fetched by time; then open and fetch are required */

    /** Optional. The complaint about what this handler does not have yet, or NULL. Pure. */
    const char *(*check)(const mcpr_config_source *config, apr_pool_t *pool);

    /** Required. The type block as JSON, URLs by mcpr_source_described_url(): a new reference. Pure. */
    json_t *(*describe)(const mcpr_config_source *config);

    /** Optional. Makes source->state; it dies with source->pool. */
    apr_status_t (*open)(mcpr_source *source, const char **error);

    /** Fills document->data and len; the hash is the caller's if it stays NULL. Honours limits and runs the
     * pulse while it waits. */
    apr_status_t (*fetch)(mcpr_source *source, mcpr_document *document, const char **error, apr_pool_t *pool);

    /** Optional: see mcpr_source_sweep(). */
    apr_status_t (*sweep)(const char *state_dir, const apr_array_header_t *names, apr_pool_t *pool);
} mcpr_source_handler;

struct mcpr_source {
    const mcpr_source_handler *handler;
    const mcpr_config_source *config;
    mcpr_source_limits limits;
    const mcpr_pulse *pulse;
    apr_pool_t *pool;
    void *state;
};

extern const mcpr_source_handler mcpr_source_api;
extern const mcpr_source_handler mcpr_source_file;
extern const mcpr_source_handler mcpr_source_git;
extern const mcpr_source_handler mcpr_source_managed;

/** A URL as describe() shows it: without the password that may be in it. A new reference. */
json_t *mcpr_source_described_url(const char *url);

/** Adds `timeout` to what describe() returns where it is not the `usual` one: who has the row alone needs it.
 */
void mcpr_source_describe_timeout(json_t *block, apr_interval_time_t timeout, apr_interval_time_t usual);

/** What files of the source called `source` are called: its name, or a hash where that is no file's. In
 * `pool`.
 */
const char *mcpr_source_file_name(const char *source, apr_pool_t *pool);

/** The message for a document that is larger than allowed (spec sync.md 7.5), the length known or not (-1).
 */
const char *mcpr_source_too_large(apr_int64_t len, apr_int64_t limit, apr_pool_t *pool);

#endif
