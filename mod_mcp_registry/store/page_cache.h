/*
 * Pages that were answered, kept in memory: one cache a child process, bounded in bytes, least recently used
 * out first.
 *
 * A page carries the stamp of the catalog that it was made from; it is served only while that is the present
 * one. A look-up lends a counted reference, so a page that falls out of the cache while it is being sent
 * lives on until the last byte is gone. Thread-safe: one mutex guards the table and the list, counts are
 * atomic.
 */
#ifndef MCPR_STORE_PAGE_CACHE_H
#define MCPR_STORE_PAGE_CACHE_H

#include "common/util/attributes.h"
#include "mod_mcp_registry/store/generation.h"
#include <apr_buckets.h>
#include <apr_errno.h>
#include <apr_pools.h>

#define MCPR_ETAG_SIZE 48

typedef struct mcpr_page_cache mcpr_page_cache;

/** What is kept of an answer. Immutable once it is in the cache. */
typedef struct mcpr_page {
    const char *body;
    apr_size_t len;
    int gzip;                  /* the body is compressed */
    char etag[MCPR_ETAG_SIZE]; /* with its quotes */
} mcpr_page;

/** How a cache fares; figures of one process. */
typedef struct mcpr_page_cache_figures {
    apr_uint64_t hits, misses, evictions;
    apr_size_t pages, bytes;
} mcpr_page_cache_figures;

/**
 * A cache whose pages, with what is noted of each, take at most `bytes`; its table takes a thousandth of that
 * on top. It dies with `pool`; a page that is lent at that moment lives until it is given back. *created is
 * set on success only.
 */
MCPR_MUSTCHECK apr_status_t mcpr_page_cache_create(mcpr_page_cache **created, apr_size_t bytes,
                                                   apr_pool_t *pool);

/**
 * The page under `key` if it was made from `stamp`, else NULL. The reference is the caller's: it goes to
 * mcpr_page_bucket() or to mcpr_page_release().
 */
const mcpr_page *mcpr_page_cache_get(mcpr_page_cache *cache, const char *key, const mcpr_stamp *stamp);

/** Keeps a copy of `page` under `key`, if there is room for it at all. A page under the same key is replaced.
 */
void mcpr_page_cache_put(mcpr_page_cache *cache, const char *key, const mcpr_stamp *stamp,
                         const mcpr_page *page);

/** Gives a reference back. */
void mcpr_page_release(const mcpr_page *page);

/** A bucket over the page's body that takes over the caller's reference and releases it when it is destroyed.
 */
apr_bucket *mcpr_page_bucket(const mcpr_page *page, apr_bucket_alloc_t *alloc);

/** The present figures. */
void mcpr_page_cache_read_figures(mcpr_page_cache *cache, mcpr_page_cache_figures *figures);

#endif
