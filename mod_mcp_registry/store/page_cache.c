/*
 * The page cache. A page, its key and its place in table and list are one block of memory:
 *
 *   [ cached | key\0 | body ]
 *
 * The table is a fixed array of chains; the list goes from the most to the least recently used.
 */
#include "mod_mcp_registry/store/page_cache.h"

#include <apr_thread_mutex.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

/* A page list of 30 servers is some 30 kB: chains stay short for any cache that fits into memory. */
#define BYTES_A_CHAIN 8192
#define MIN_CHAINS    64

typedef struct cached {
    mcpr_page page; /* first: a page and what holds it are one address */
    mcpr_stamp stamp;
    XXH64_hash_t hash;
    apr_size_t size; /* of the block */
    const char *key;
    struct cached *chain; /* guarded by the mutex, as are the next two */
    struct cached *newer, *older;
    _Atomic unsigned references; /* one is the cache's */
} cached;

struct mcpr_page_cache {
    apr_thread_mutex_t *mutex;
    cached **chains; /* guarded by the mutex, as is all below */
    apr_size_t n_chains;
    cached *newest, *oldest;
    apr_size_t limit;
    mcpr_page_cache_figures figures;
};

static void release(cached *c)
{
    if (atomic_fetch_sub(&c->references, 1) == 1) {
        free(c);
    }
}

static cached *find(const mcpr_page_cache *cache, const char *key, XXH64_hash_t hash)
{
    cached *c = cache->chains[hash % cache->n_chains];
    while (c && (c->hash != hash || strcmp(c->key, key) != 0)) {
        c = c->chain;
    }
    return c;
}

static void unlink_from_list(mcpr_page_cache *cache, cached *c)
{
    *(c->newer ? &c->newer->older : &cache->newest) = c->older;
    *(c->older ? &c->older->newer : &cache->oldest) = c->newer;
}

static void link_as_newest(mcpr_page_cache *cache, cached *c)
{
    c->newer = NULL;
    c->older = cache->newest;
    *(c->older ? &c->older->newer : &cache->oldest) = c;
    cache->newest = c;
}

/* Takes a page out of table and list and drops the cache's reference. */
static void drop(mcpr_page_cache *cache, cached *c)
{
    for (cached **at = &cache->chains[c->hash % cache->n_chains]; *at; at = &(*at)->chain) {
        if (*at == c) {
            *at = c->chain;
            break;
        }
    }
    unlink_from_list(cache, c);
    cache->figures.bytes -= c->size;
    cache->figures.pages--;
    release(c);
}

static apr_status_t destroy(void *baton)
{
    mcpr_page_cache *cache = baton;
    while (cache->oldest) {
        drop(cache, cache->oldest);
    }
    free(cache->chains);
    return APR_SUCCESS;
}

apr_status_t mcpr_page_cache_create(mcpr_page_cache **created, apr_size_t bytes, apr_pool_t *pool)
{
    mcpr_page_cache *cache = apr_pcalloc(pool, sizeof(*cache));
    cache->n_chains = bytes / BYTES_A_CHAIN < MIN_CHAINS ? MIN_CHAINS : bytes / BYTES_A_CHAIN;
    cache->limit = bytes;
    cache->chains = calloc(cache->n_chains, sizeof(cached *));
    if (!cache->chains) {
        return APR_ENOMEM;
    }
    apr_pool_cleanup_register(pool, cache, destroy, apr_pool_cleanup_null);
    apr_status_t rv = apr_thread_mutex_create(&cache->mutex, APR_THREAD_MUTEX_DEFAULT, pool);
    if (rv == APR_SUCCESS) {
        *created = cache;
    }
    return rv;
}

static int same_stamp(const mcpr_stamp *a, const mcpr_stamp *b)
{
    return a->number == b->number && a->history == b->history && a->epoch == b->epoch;
}

const mcpr_page *mcpr_page_cache_get(mcpr_page_cache *cache, const char *key, const mcpr_stamp *stamp)
{
    XXH64_hash_t hash = XXH3_64bits(key, strlen(key));

    apr_thread_mutex_lock(cache->mutex);
    cached *c = find(cache, key, hash);
    if (c && same_stamp(&c->stamp, stamp)) {
        atomic_fetch_add(&c->references, 1);
        unlink_from_list(cache, c);
        link_as_newest(cache, c);
        cache->figures.hits++;
    } else {
        cache->figures.misses++;
        c = NULL;
    }
    apr_thread_mutex_unlock(cache->mutex);
    return (const mcpr_page *)c;
}

static cached *make(const char *key, const mcpr_stamp *stamp, const mcpr_page *page)
{
    apr_size_t key_size = strlen(key) + 1, size = sizeof(cached) + key_size + page->len;
    cached *c = malloc(size);
    if (c) {
        char *copy = (char *)(c + 1);
        memcpy(copy, key, key_size);
        memcpy(copy + key_size, page->body, page->len);
        memset(c, 0, sizeof(*c));
        c->page = *page;
        c->page.body = copy + key_size;
        c->key = copy;
        c->stamp = *stamp;
        c->hash = XXH3_64bits(key, key_size - 1);
        c->size = size;
        atomic_init(&c->references, 1);
    }
    return c;
}

void mcpr_page_cache_put(mcpr_page_cache *cache, const char *key, const mcpr_stamp *stamp,
                         const mcpr_page *page)
{
    cached *c =
        sizeof(cached) + strlen(key) + 1 + page->len > cache->limit / 4 ? NULL : make(key, stamp, page);
    if (!c) {
        return; /* one page may not push out everything else */
    }
    apr_thread_mutex_lock(cache->mutex);
    cached *old = find(cache, key, c->hash);
    if (old) {
        drop(cache, old);
    }
    while (cache->oldest && cache->figures.bytes + c->size > cache->limit) {
        /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): what was dropped before is no longer in the list */
        drop(cache, cache->oldest);
        cache->figures.evictions++;
    }
    cached **at = &cache->chains[c->hash % cache->n_chains];
    c->chain = *at;
    *at = c;
    link_as_newest(cache, c);
    cache->figures.bytes += c->size;
    cache->figures.pages++;
    apr_thread_mutex_unlock(cache->mutex);
}

void mcpr_page_release(const mcpr_page *page)
{
    release((cached *)(uintptr_t)page);
}

void mcpr_page_cache_read_figures(mcpr_page_cache *cache, mcpr_page_cache_figures *figures)
{
    apr_thread_mutex_lock(cache->mutex);
    *figures = cache->figures;
    apr_thread_mutex_unlock(cache->mutex);
}
