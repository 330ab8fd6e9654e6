/* The page cache: stamps, bounds, lending, and many threads at once. */
#include "mod_mcp_registry/store/page_cache.h"
#include "t/unit/unit.h"
#include <apr_strings.h>
#include <apr_thread_proc.h>
#include <string.h>

#define KB 1024

static mcpr_page page_of(const char *body)
{
    mcpr_page page = {.body = body, .len = strlen(body), .etag = "\"e\""};
    return page;
}

static mcpr_page_cache *make_cache(apr_size_t bytes, apr_pool_t *pool)
{
    mcpr_page_cache *cache = NULL;
    ck_assert_int_eq(mcpr_page_cache_create(&cache, bytes, pool), APR_SUCCESS);
    return cache;
}

START_TEST(serves_only_the_present_stamp)
{
    apr_pool_t *pool = unit_pool();
    mcpr_page_cache *cache = make_cache(64 * KB, pool);
    mcpr_stamp now = {1, 10, 0}, later = {1, 11, 0}, other_history = {2, 10, 0}, other_epoch = {1, 10, 1};
    mcpr_page page = page_of("body");

    mcpr_page_cache_put(cache, "k", &now, &page);
    ck_assert_ptr_null(mcpr_page_cache_get(cache, "k", &later));
    ck_assert_ptr_null(mcpr_page_cache_get(cache, "k", &other_history));
    ck_assert_ptr_null(mcpr_page_cache_get(cache, "k", &other_epoch));
    ck_assert_ptr_null(mcpr_page_cache_get(cache, "l", &now));
    const mcpr_page *kept = mcpr_page_cache_get(cache, "k", &now);
    ck_assert_ptr_nonnull(kept);
    ck_assert_ptr_ne(kept->body, page.body);
    ck_assert_mem_eq(kept->body, "body", 4);
    ck_assert_str_eq(kept->etag, "\"e\"");
    mcpr_page_release(kept);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(replaces_what_has_the_same_key)
{
    apr_pool_t *pool = unit_pool();
    mcpr_page_cache *cache = make_cache(64 * KB, pool);
    mcpr_stamp old = {0, 1, 0}, now = {0, 2, 0};
    mcpr_page first = page_of("first"), second = page_of("second");
    mcpr_page_cache_figures figures;

    mcpr_page_cache_put(cache, "k", &old, &first);
    mcpr_page_cache_put(cache, "k", &now, &second);
    mcpr_page_cache_read_figures(cache, &figures);
    ck_assert_uint_eq(figures.pages, 1);
    ck_assert_ptr_null(mcpr_page_cache_get(cache, "k", &old));
    const mcpr_page *kept = mcpr_page_cache_get(cache, "k", &now);
    ck_assert_uint_eq(kept->len, 6);
    mcpr_page_release(kept);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(forgets_the_least_recently_used_and_keeps_its_bound)
{
    apr_pool_t *pool = unit_pool();
    mcpr_page_cache *cache = make_cache(64 * KB, pool);
    mcpr_stamp now = {0, 1, 0};
    mcpr_page_cache_figures figures;
    char *body = apr_palloc(pool, 4 * KB + 1);
    memset(body, 'x', 4 * KB);
    body[4 * KB] = '\0';
    mcpr_page page = page_of(body);

    mcpr_page_cache_put(cache, "kept warm", &now, &page);
    for (int i = 0; i < 100; i++) {
        mcpr_page_cache_put(cache, apr_itoa(pool, i), &now, &page);
        const mcpr_page *warm = mcpr_page_cache_get(cache, "kept warm", &now);
        ck_assert_ptr_nonnull(warm);
        mcpr_page_release(warm);
        mcpr_page_cache_read_figures(cache, &figures);
        ck_assert_uint_le(figures.bytes, 64 * KB);
    }
    ck_assert_ptr_null(mcpr_page_cache_get(cache, "0", &now));
    ck_assert_uint_gt(figures.evictions, 80);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(does_not_keep_a_page_that_would_push_out_the_rest)
{
    apr_pool_t *pool = unit_pool();
    mcpr_page_cache *cache = make_cache(64 * KB, pool);
    mcpr_stamp now = {0, 1, 0};
    char *body = apr_palloc(pool, 20 * KB + 1);
    memset(body, 'x', 20 * KB);
    body[20 * KB] = '\0';
    mcpr_page page = page_of(body);

    mcpr_page_cache_put(cache, "k", &now, &page);
    ck_assert_ptr_null(mcpr_page_cache_get(cache, "k", &now));
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(lends_buckets_that_outlive_the_cache)
{
    apr_pool_t *pool = unit_pool(), *of_cache = unit_pool();
    mcpr_page_cache *cache = make_cache(64 * KB, of_cache);
    apr_bucket_alloc_t *alloc = apr_bucket_alloc_create(pool);
    mcpr_stamp now = {0, 1, 0};
    mcpr_page page = page_of("hello world");
    const char *text;
    apr_size_t len;

    mcpr_page_cache_put(cache, "k", &now, &page);
    apr_bucket *first = mcpr_page_bucket(mcpr_page_cache_get(cache, "k", &now), alloc), *copy;
    apr_bucket_brigade *brigade = apr_brigade_create(pool, alloc);
    APR_BRIGADE_INSERT_TAIL(brigade, first);
    ck_assert_int_eq(apr_bucket_split(first, 6), APR_SUCCESS);
    ck_assert_int_eq(apr_bucket_copy(first, &copy), APR_SUCCESS);
    APR_BRIGADE_INSERT_TAIL(brigade, copy);
    apr_pool_destroy(of_cache);

    ck_assert_int_eq(apr_bucket_read(APR_BUCKET_NEXT(first), &text, &len, APR_BLOCK_READ), APR_SUCCESS);
    ck_assert_uint_eq(len, 5);
    ck_assert_mem_eq(text, "world", 5);
    apr_brigade_destroy(brigade);
    apr_pool_destroy(pool);
}
END_TEST

static void *APR_THREAD_FUNC hammer(apr_thread_t *thread, void *baton)
{
    mcpr_page_cache *cache = baton;
    char key[16], body[2000];

    memset(body, 'y', sizeof(body));
    for (int i = 0; i < 20000; i++) {
        mcpr_stamp stamp = {0, (apr_uint64_t)(i / 1000), 0};
        mcpr_page page = {.body = body, .len = sizeof(body)};
        apr_snprintf(key, sizeof(key), "%d", (i * 7) % 97);
        const mcpr_page *kept = mcpr_page_cache_get(cache, key, &stamp);
        if (kept) {
            ck_assert_int_eq(kept->body[1999], 'y');
            mcpr_page_release(kept);
        } else {
            mcpr_page_cache_put(cache, key, &stamp, &page);
        }
    }
    apr_thread_exit(thread, APR_SUCCESS);
    return NULL;
}

START_TEST(withstands_many_threads)
{
    apr_pool_t *pool = unit_pool();
    mcpr_page_cache *cache = make_cache(64 * KB, pool);
    apr_thread_t *threads[4];
    apr_status_t rv;
    mcpr_page_cache_figures figures;

    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(apr_thread_create(&threads[i], NULL, hammer, cache, pool), APR_SUCCESS);
    }
    for (int i = 0; i < 4; i++) {
        apr_thread_join(&rv, threads[i]);
    }
    mcpr_page_cache_read_figures(cache, &figures);
    ck_assert_uint_eq(figures.hits + figures.misses, 80000);
    ck_assert_uint_le(figures.bytes, 64 * KB);
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("page cache");
    TCase *tcase = unit_case(suite, "page cache");
    tcase_add_test(tcase, serves_only_the_present_stamp);
    tcase_add_test(tcase, replaces_what_has_the_same_key);
    tcase_add_test(tcase, forgets_the_least_recently_used_and_keeps_its_bound);
    tcase_add_test(tcase, does_not_keep_a_page_that_would_push_out_the_rest);
    tcase_add_test(tcase, lends_buckets_that_outlive_the_cache);
    tcase_add_test(tcase, withstands_many_threads);
    return unit_run(suite);
}
