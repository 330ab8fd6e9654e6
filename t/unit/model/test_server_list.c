/*
 * Pages of an API's list: their shape, what is said of a server, and reading them as a feed.
 */
#include "common/model/server_list.h"
#include "t/unit/model/feed_fixture.h"

#define OFFICIAL(members) "\"_meta\":{\"io.modelcontextprotocol.registry/official\":{" members "}}"

/* Pages that are none, and the one complaint. */
static const struct {
    const char *page, *place, *message;
} no_pages[] = {
    {"",                                                  "line 1, byte 0",      NULL                              },
    {"[]",                                                "(root)",              "must be an object"               },
    {"{}",                                                "servers",             "is missing, must be an array"    },
    {"{\"Servers\":[]}",                                  "servers",             "is missing, must be an array"    },
    {"{\"servers\":null}",                                "servers",             "must be an array"                },
    {"{\"servers\":[],\"metadata\":[]}",                  "metadata",            "must be an object"               },
    {"{\"servers\":[],\"metadata\":{\"nextCursor\":1}}",  "metadata.nextCursor",
     "must be a string of at most 8192 bytes"                                                                      },
    {"{\"servers\":[],\"metadata\":{\"nextCursor\":{}}}", "metadata.nextCursor",
     "must be a string of at most 8192 bytes"                                                                      },
    {"{\"servers\":[]} x",                                "line 1, byte 15",     "the end of the document expected"},
};

START_TEST(what_is_no_page)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 5);
    const char *page = no_pages[_i].page;
    mcpr_server_list list;
    const mcpr_problem *problem;

    ck_assert(!mcpr_server_list_open(&list, page, strlen(page), problems, pool));
    ck_assert_int_eq(problems->total, 1);
    problem = &APR_ARRAY_IDX(problems->list, 0, mcpr_problem);
    ck_assert_str_eq(problem->place, no_pages[_i].place);
    if (no_pages[_i].message) {
        ck_assert_str_eq(problem->message, no_pages[_i].message);
    }
    apr_pool_destroy(pool);
}
END_TEST

/* Where the next page is. */
static const struct {
    const char *page, *cursor;
    unsigned count;
} cursors[] = {
    {"{\"servers\":[]}",                                            NULL,        0},
    {"{\"servers\":[{},null,[1,2]],\"metadata\":null}",             NULL,        3},
    {"{\"servers\":[],\"metadata\":{}}",                            NULL,        0},
    {"{\"servers\":[],\"metadata\":{\"nextCursor\":null}}",         NULL,        0},
    {"{\"servers\":[],\"metadata\":{\"nextCursor\":\"\"}}",         NULL,        0},
    {"{\"metadata\":{\"nextCursor\":\"a\\u00e9\"},\"servers\":[]}", "a\xc3\xa9", 0},
};

START_TEST(where_the_next_page_is)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 5);
    const char *page = cursors[_i].page;
    mcpr_server_list list;

    ck_assert(mcpr_server_list_open(&list, page, strlen(page), problems, pool));
    ck_assert_uint_eq(list.count, cursors[_i].count);
    if (cursors[_i].cursor) {
        ck_assert_str_eq(list.next_cursor, cursors[_i].cursor);
    } else {
        ck_assert_ptr_null(list.next_cursor);
    }
    apr_pool_destroy(pool);
}
END_TEST

static feed_result read_list(const char *elements, apr_pool_t *pool)
{
    const mcpr_feed_options options = {.is_list = 1, .max_meta_size = 10, .max_entries = 3};
    const char *page = apr_pstrcat(pool, "{\"servers\":[", elements, "]}", NULL);
    feed_result result = {.pool = pool};

    feed_read_bytes(&result, page, strlen(page), &options);
    return result;
}

/* What is said of a server, and what is taken from it. */
static const struct {
    const char *meta;
    mcpr_status status;
    const char *message;
    int warnings;
} said[] = {
    {"",                                                                        MCPR_STATUS_ACTIVE,     NULL,   0},
    {",\"_meta\":null",                                                         MCPR_STATUS_ACTIVE,     NULL,   0},
    {",\"_meta\":{}",                                                           MCPR_STATUS_ACTIVE,     NULL,   0},
    {",\"_meta\":{\"x\":5}",                                                    MCPR_STATUS_ACTIVE,     NULL,   0},
    {"," OFFICIAL("\"status\":null,\"publishedAt\":null"),                      MCPR_STATUS_ACTIVE,     NULL,   0},
    {"," OFFICIAL("\"status\":\"deprecated\",\"statusMessage\":\"gone\""),      MCPR_STATUS_DEPRECATED, "gone", 0},
    {"," OFFICIAL("\"status\":\"Deleted\",\"statusMessage\":\"\",\"n\":1"),     MCPR_STATUS_DELETED,    NULL,   0},
    {"," OFFICIAL("\"status\":\"archived\""),                                   MCPR_STATUS_ACTIVE,     NULL,   1},
    {"," OFFICIAL("\"status\":\"x\",\"updatedAt\":\"2026-01-15T10:30:00.5Z\""), MCPR_STATUS_ACTIVE,     NULL,   1},
};

START_TEST(what_is_said_of_a_server)
{
    apr_pool_t *pool = unit_pool();
    feed_result result =
        read_list(apr_pstrcat(pool, "{\"server\":{\"name\":\"n\"}", said[_i].meta, "}", NULL), pool);
    const mcpr_entry *entry = &feed_at(&result, 0)->entry;

    ck_assert_int_eq(entry->status, said[_i].status);
    ck_assert_int_eq(entry->status_message != NULL, said[_i].message != NULL);
    ck_assert_int_eq(result.warnings->total, said[_i].warnings);
    ck_assert_str_eq(entry->version, "");
    apr_pool_destroy(pool);
}
END_TEST

/* Elements that refuse their page, and the complaint. */
static const struct {
    const char *elements, *refusal;
} refused[] = {
    {"5",                                                                    "servers.0: must be an object"                                                                },
    {"{\"server\":{\"name\":\"n\"}},{\"_meta\":{}}",                         "servers.1.server: is missing, must be an object"                                             },
    {"{\"server\":[]}",                                                      "servers.0.server: must be an object"                                                         },
    {"{\"server\":{\"name\":5}}",                                            "servers.0.server.name: Invalid type. Expected: string, given: integer"                       },
    {"{\"server\":{\"name\":\"n\",\"remotes\":{}}}",
     "servers.0.server.remotes: Invalid type. Expected: array, given: object"                                                                                              },
    {"{\"server\":{\"name\":\"n\"},\"_meta\":5}",
     "servers.0._meta: Invalid type. Expected: object, given: integer"                                                                                                     },
    {"{\"server\":{\"name\":\"n\"}," OFFICIAL("\"status\":7") "}",
     "servers.0._meta.io.modelcontextprotocol.registry/official.status: Invalid type. Expected: string, "
     "given: "
     "integer"                                                                                                                                                             },
    {"{\"server\":{\"name\":\"n\"}," OFFICIAL("\"updatedAt\":\"soon\"") "}",
     "servers.0._meta.io.modelcontextprotocol.registry/official.updatedAt: Does not match format "
     "'date-time'"                                                                                                                                                         },
    {"{\"server\":{\"name\":\"n\",\"_meta\":{\"io.modelcontextprotocol.registry/publisher-provided\":{\"a\":"
     "{\"b\":1}}}}}",                                                   "server n: publisher-provided metadata size 13 bytes exceeds maximum allowed size of 10 bytes"},
};

START_TEST(what_is_refused)
{
    apr_pool_t *pool = unit_pool();
    feed_result result = read_list(refused[_i].elements, pool);

    ck_assert_int_eq(result.status, APR_EINVAL);
    ck_assert_msg(strstr(result.refusal, refused[_i].refusal) != NULL, "'%s'", result.refusal);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(servers_are_kept_whole_and_in_order)
{
    apr_pool_t *pool = unit_pool();
    feed_result result = read_list(
        "{\"server\":{\"z\":[1,{}],\"name\":\"no slash\",\"$schema\":\"\",\"description\":\"\",\"_meta\":{},"
        "\"n\":18446744073709551616}},{\"server\":{\"version\":\"1\"}},{\"server\":{\"name\":\"\"}}",
        pool);

    ck_assert_str_eq(feed_at(&result, 0)->document,
                     "{\"z\":[1,{}],\"name\":\"no slash\",\"$schema\":\"\",\"description\":\"\",\"_meta\":{},"
                     "\"n\":18446744073709551616}");
    ck_assert_int_eq(result.entries->nelts, 1);
    ck_assert_int_eq(result.warnings->total, 2);
    ck_assert_str_eq(APR_ARRAY_IDX(result.warnings->list, 0, mcpr_problem).place, "servers.1");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(an_empty_list_is_fine_and_a_long_one_is_not)
{
    apr_pool_t *pool = unit_pool();
    feed_result result = read_list("", pool);
    static const char one[] = "{\"server\":{\"name\":\"n\"}}";

    ck_assert_int_eq(result.status, APR_SUCCESS);
    ck_assert_int_eq(result.entries->nelts, 0);
    result = read_list(apr_pstrcat(pool, one, ",", one, ",", one, ",", one, NULL), pool);
    ck_assert_str_eq(result.refusal, "document has more than 3 entries");
    apr_pool_destroy(pool);
}
END_TEST

static int render_one(void *baton, const mcpr_listed_server *listed)
{
    mcpr_server_list_render(baton, listed);
    return 1;
}

START_TEST(what_is_rendered_reads_the_same)
{
    static const char page[] = "{\"servers\":[{\"server\":{\"name\":\"n\",\"x\":1.50}," OFFICIAL(
        "\"status\":\"deprecated\",\"statusMessage\":\"m\"") "}]}";
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 5);
    mcpr_json_text text = mcpr_json_text_create(pool);
    mcpr_server_list list;

    ck_assert(mcpr_server_list_open(&list, page, sizeof page - 1, problems, pool));
    mcpr_server_list_read(&list, render_one, &text, problems, problems, pool);
    ck_assert(mcpr_problems_none(problems));
    ck_assert_uint_eq(text.len, list.servers.len - 2);
    ck_assert_int_eq(memcmp(text.data, list.servers.start + 1, text.len), 0);
    apr_pool_destroy(pool);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof *(table)))

int main(void)
{
    Suite *suite = suite_create("server_list");
    TCase *tcase = unit_case(suite, "server_list");

    tcase_add_loop_test(tcase, what_is_no_page, 0, ROWS(no_pages));
    tcase_add_loop_test(tcase, where_the_next_page_is, 0, ROWS(cursors));
    tcase_add_loop_test(tcase, what_is_said_of_a_server, 0, ROWS(said));
    tcase_add_loop_test(tcase, what_is_refused, 0, ROWS(refused));
    tcase_add_test(tcase, servers_are_kept_whole_and_in_order);
    tcase_add_test(tcase, an_empty_list_is_fine_and_a_long_one_is_not);
    tcase_add_test(tcase, what_is_rendered_reads_the_same);
    return unit_run(suite);
}
