/*
 * Real catalogs, where they are at hand beside the checkout (../shared/data): every server is read, kept
 * whole, and survives the way to ToolHive's format and back.
 */
#include "common/model/check.h"
#include "common/model/json_text.h"
#include "common/model/legacy.h"
#include "t/unit/model/feed_fixture.h"
#include <apr_file_io.h>
#include <stdio.h>

static const struct {
    const char *file, *format;
    int servers;
} catalogs[] = {
    {"toolhive-registry.json", "toolhive", 102},
    {"upstream-registry.json", "upstream", 12 },
};

/* The file's bytes, or NULL, with a word about it, when it is not there. */
static char *slurp(const char *name, apr_size_t *len, apr_pool_t *pool)
{
    const char *path = apr_pstrcat(pool, MCPR_TEST_SRCDIR "/../shared/data/", name, NULL);
    apr_file_t *file;
    apr_finfo_t info;
    if (apr_file_open(&file, path, APR_FOPEN_READ | APR_FOPEN_BINARY, 0, pool) != APR_SUCCESS) {
        printf("skipped: no ../shared/data/%s beside the checkout\n", name);
        return NULL;
    }
    ck_assert_int_eq(apr_file_info_get(&info, APR_FINFO_SIZE, file), APR_SUCCESS);
    char *data = apr_palloc(pool, (apr_size_t)info.size);
    ck_assert_int_eq(apr_file_read_full(file, data, (apr_size_t)info.size, len), APR_SUCCESS);
    apr_file_close(file);
    return data;
}

START_TEST(all_servers_are_read)
{
    apr_pool_t *pool = unit_pool();
    apr_size_t len;
    char *data = slurp(catalogs[_i].file, &len, pool);
    if (data != NULL) {
        feed_result result = {.pool = pool};
        feed_read_bytes(&result, data, len, &feed_defaults);
        ck_assert_str_eq(result.refusal, "");
        ck_assert_int_eq(result.entries->nelts, catalogs[_i].servers);
        ck_assert_int_eq(result.warnings->total, 0);
        ck_assert_str_eq(mcpr_feed_format_name(data, len, pool), catalogs[_i].format);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(upstream_servers_are_kept_whole)
{
    apr_pool_t *pool = unit_pool();
    apr_size_t len;
    char *data = slurp(catalogs[1].file, &len, pool);
    if (data != NULL) {
        feed_result result = {.pool = pool};
        feed_read_bytes(&result, data, len, &feed_defaults);
        json_t *root = json_loadb(data, len, 0, NULL);
        json_t *servers = json_object_get(json_object_get(root, "data"), "servers"), *server;
        size_t index;
        json_array_foreach(servers, index, server)
        {
            json_t *document = json_loads(feed_at(&result, (int)index)->document, 0, NULL);
            ck_assert(json_equal(document, server));
            json_decref(document);
        }
        json_decref(root);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(converted_servers_go_back_and_forth)
{
    apr_pool_t *pool = unit_pool();
    apr_size_t len;
    char *data = slurp(catalogs[0].file, &len, pool);
    feed_result result = {.pool = pool};
    if (data != NULL) {
        feed_read_bytes(&result, data, len, &feed_defaults);
    }
    for (int i = 0; data != NULL && i < result.entries->nelts; i++) {
        const char *text = feed_at(&result, i)->document, *complaint;
        int kind;
        json_t *server = mcpr_json_parse(text, strlen(text), result.problems);
        json_t *entry = mcpr_legacy_from_server(server, &kind, &complaint);
        ck_assert_msg(entry != NULL, "%s: %s", feed_at(&result, i)->entry.name, complaint);
        json_t *again = mcpr_legacy_to_server("x", entry, kind);
        ck_assert_msg(json_equal(server, again), "%s", feed_at(&result, i)->entry.name);
        json_t *extensions = json_object_get(mcpr_server_publisher_provided(server), "io.github.stacklok");
        ck_assert_uint_eq(json_object_size(extensions), 1);
        json_decref(again);
        json_decref(entry);
        json_decref(server);
    }
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("catalogs");
    TCase *tcase = unit_case(suite, "catalogs");
    tcase_add_loop_test(tcase, all_servers_are_read, 0, sizeof catalogs / sizeof *catalogs);
    tcase_add_test(tcase, upstream_servers_are_kept_whole);
    tcase_add_test(tcase, converted_servers_go_back_and_forth);
    return unit_run(suite);
}
