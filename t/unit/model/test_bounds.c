/*
 * What one document may be at most: accepted at the limit, refused one above it, in every kind of feed.
 */
#include "common/model/check.h"
#include "t/unit/model/feed_fixture.h"

#define DOCUMENT        "\"description\":\"d\",\"version\":\"1\""
#define SERVER_OF(name) "{\"name\":\"" name "\"," DOCUMENT
#define SKILL           "{\"namespace\":\"com.acme\",\"name\":\"ab\"," DOCUMENT
#define HEAD            "{\"version\":\"1.0.0\",\"meta\":{\"last_updated\":\"2026-01-15T10:30:00Z\"},\"data\":"

/* A feed in which one entry has room for a value: what stands before the entry and before the value, and
 * after them. */
static const struct {
    const char *head, *before, *after, *tail, *place;
    int is_list;
} feeds[] = {
    {HEAD "{\"servers\":[" SERVER_OF("a/a") "},",               SERVER_OF("a/b") ",\"x\":",                                 "}",  "]}}", "data.servers.1",
     0                                                                                                                                                      },
    {HEAD "{\"servers\":[" SERVER_OF("a/a") "}],\"skills\":[",  SKILL ",\"x\":",                                            "}",  "]}}", "data.skills.0",
     0                                                                                                                                                      },
    {HEAD "{\"servers\":[" SERVER_OF("a/a") "}],\"plugins\":[", SKILL ",\"metadata\":{\"x\":",                              "}}", "]}}",
     "data.plugins.0",                                                                                                                                     0},
    {"{\"servers\":{",                                          "\"k\":{\"image\":\"i\",\"x\":",                            "}",  "}}",  "servers.k",      0},
    {"{\"remote_servers\":{",                                   "\"k\":{\"url\":\"http://x\",\"transport\":\"sse\",\"x\":", "}",  "}}",
     "remote_servers.k",                                                                                                                                   0},
    {"{\"servers\":[{\"server\":{\"name\":\"a\"}},",            "{\"server\":{\"name\":\"n\",\"x\":",                       "}}", "]}",
     "servers.1",                                                                                                                                          1},
    {"{\"servers\":[",                                          "{\"server\":{\"name\":\"n\"},\"_meta\":{\"x\":",           "}}", "]}",  "servers.0",      1},
    {"{\"servers\":[",                                          "{\"server\":{\"name\":\"n\"},\"x\":",                      "}",  "]}",  "servers.0",      1},
};
#define FEEDS ((int)(sizeof feeds / sizeof *feeds))

static feed_result read_with(int i, const char *value, apr_pool_t *pool)
{
    const mcpr_feed_options options = {
        .is_list = feeds[i].is_list, .max_meta_size = 262144, .max_entries = 10};
    const char *text =
        apr_pstrcat(pool, feeds[i].head, feeds[i].before, value, feeds[i].after, feeds[i].tail, NULL);
    feed_result result = {.pool = pool};
    feed_read_bytes(&result, text, strlen(text), &options);
    return result;
}

/* Asserts that the one complaint names the entry and ends like this. */
static void assert_refused(const feed_result *result, int i, const char *words)
{
    const mcpr_problem *problem = &APR_ARRAY_IDX(result->problems->list, 0, mcpr_problem);
    ck_assert_int_eq(result->status, APR_EINVAL);
    ck_assert_int_eq(result->problems->total, 1);
    ck_assert_str_eq(problem->place, feeds[i].place);
    ck_assert_str_eq(problem->message, words);
}

/* A list that makes the entry hold `total` values. */
static const char *list_for(int i, apr_size_t total, apr_pool_t *pool)
{
    const char *shortest = apr_pstrcat(pool, feeds[i].before, "[0]", feeds[i].after, NULL);
    mcpr_json_span entry = {.start = shortest, .len = strlen(shortest)};
    apr_size_t more = total - mcpr_json_count(entry);
    char *list = apr_palloc(pool, 3 + more * 2 + 1), *out = list;
    *out++ = '[';
    for (apr_size_t n = 0; n < more; n++) {
        *out++ = '0';
        *out++ = ',';
    }
    memcpy(out, "0]", 3);
    return list;
}

START_TEST(values_of_an_entry_are_bounded)
{
    apr_pool_t *pool = unit_pool();
    feed_result result = read_with(_i, list_for(_i, MCPR_DOCUMENT_VALUES, pool), pool);
    ck_assert_msg(result.status == APR_SUCCESS, "%s", result.refusal);
    result = read_with(_i, list_for(_i, MCPR_DOCUMENT_VALUES + 1, pool), pool);
    assert_refused(&result, _i, "holds more than 100000 values");
    apr_pool_destroy(pool);
}
END_TEST

/* A string that makes the entry `total` bytes long. */
static const char *string_for(int i, apr_size_t total, apr_pool_t *pool)
{
    apr_size_t len = total - strlen(feeds[i].before) - strlen(feeds[i].after);
    char *string = apr_palloc(pool, len + 1);
    memset(string, 'x', len);
    string[0] = string[len - 1] = '"';
    string[len] = '\0';
    return string;
}

/* One feed of each format: large texts take their time under valgrind. */
static const int formats[] = {0, 3, 5};

START_TEST(bytes_of_an_entry_are_bounded)
{
    apr_pool_t *pool = unit_pool();
    int i = formats[_i];
    feed_result result = read_with(i, string_for(i, MCPR_DOCUMENT_BYTES + 1, pool), pool);
    assert_refused(&result, i, "is larger than 16777216 bytes");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(the_largest_entry_is_accepted)
{
    apr_pool_t *pool = unit_pool();
    feed_result result = read_with(0, string_for(0, MCPR_DOCUMENT_BYTES, pool), pool);
    ck_assert_uint_gt(feed_at(&result, 1)->entry.document_len, MCPR_DOCUMENT_BYTES);
    apr_pool_destroy(pool);
}
END_TEST

/* Texts hold no values, whatever they look like. */
START_TEST(commas_in_texts_do_not_count)
{
    apr_pool_t *pool = unit_pool();
    char *text = apr_palloc(pool, MCPR_DOCUMENT_VALUES * 4);
    memset(text, ',', MCPR_DOCUMENT_VALUES * 4);
    memcpy(text, "\"\\\"", 3);
    memcpy(text + MCPR_DOCUMENT_VALUES * 4 - 2, "\"", 2);
    feed_result result = read_with(0, text, pool);
    ck_assert_msg(result.status == APR_SUCCESS, "%s", result.refusal);
    apr_pool_destroy(pool);
}
END_TEST

/* A key is copied as often as its value; and the place of such an entry stays short. */
START_TEST(a_key_counts_as_part_of_its_entry)
{
    apr_pool_t *pool = unit_pool();
    char *key = apr_palloc(pool, MCPR_DOCUMENT_BYTES + 1);
    memset(key, 'k', MCPR_DOCUMENT_BYTES);
    key[MCPR_DOCUMENT_BYTES] = '\0';
    feed_result result =
        feed_read(apr_pstrcat(pool, "{\"servers\":{\"", key, "\":{\"image\":\"i\"}}}", NULL), pool);
    ck_assert_int_eq(result.status, APR_EINVAL);
    ck_assert_uint_lt(strlen(result.refusal), 1000);
    ck_assert_ptr_nonnull(strstr(result.refusal, "kkk: is larger than 16777216 bytes"));
    apr_pool_destroy(pool);
}
END_TEST

/* The others are read on, so that somebody who mends the document sees all of it. */
START_TEST(the_rest_is_still_checked)
{
    apr_pool_t *pool = unit_pool();
    const char *list = list_for(0, MCPR_DOCUMENT_VALUES * 2, pool);
    feed_result result =
        feed_read(apr_pstrcat(pool, HEAD "{\"servers\":[{\"x\":", list, "},5]}}", NULL), pool);
    ck_assert_str_eq(result.refusal, "registry schema validation failed with 2 errors:\n"
                                     "  1. data.servers.0: holds more than 100000 values\n"
                                     "  2. data.servers.1: Invalid type. Expected: object, given: integer");
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("bounds");
    TCase *tcase = unit_case(suite, "bounds");
    tcase_add_loop_test(tcase, values_of_an_entry_are_bounded, 0, FEEDS);
    tcase_add_loop_test(tcase, bytes_of_an_entry_are_bounded, 0, sizeof formats / sizeof *formats);
    tcase_add_test(tcase, the_largest_entry_is_accepted);
    tcase_add_test(tcase, commas_in_texts_do_not_count);
    tcase_add_test(tcase, a_key_counts_as_part_of_its_entry);
    tcase_add_test(tcase, the_rest_is_still_checked);
    return unit_run(suite);
}
