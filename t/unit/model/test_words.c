/*
 * Words of kinds and states, server names, the official block, search text.
 */
#include "common/model/model.h"
#include "common/model/name.h"
#include "common/model/render.h"
#include "common/model/response.h"
#include "common/util/fold.h"
#include "t/unit/unit.h"
#include <apr_strings.h>
#include <string.h>

START_TEST(states_are_read_in_any_case)
{
    mcpr_status status = MCPR_STATUS_ACTIVE;
    for (int i = MCPR_STATUS_ACTIVE; i <= MCPR_STATUS_DELETED; i++) {
        ck_assert(mcpr_status_parse(&status, mcpr_status_name((mcpr_status)i)));
        ck_assert_int_eq((int)status, i);
    }
    ck_assert(mcpr_status_parse(&status, "DePrecated"));
    ck_assert_int_eq(status, MCPR_STATUS_DEPRECATED);
    ck_assert(!mcpr_status_parse(&status, ""));
    ck_assert(!mcpr_status_parse(&status, "active "));
    ck_assert_int_eq(status, MCPR_STATUS_DEPRECATED);
    ck_assert_str_eq(mcpr_kind_name(MCPR_KIND_SERVER), "server");
    ck_assert_str_eq(mcpr_kind_name(MCPR_KIND_PLUGIN), "plugin");
}
END_TEST

static const struct {
    const char *name, *complaint; /* how the complaint begins; NULL: a good name */
} names[] = {
    {"test/server",         NULL                                                                                 },
    {"a/b",                 NULL                                                                                 },
    {"com.example-x/a_b.c", NULL                                                                                 },
    {"",                    "server name must be in format 'dns-namespace/name' (e.g., 'com.example.api/server')"},
    {"server",              "server name must be in format"                                                      },
    {"a/b/c",               "server name must contain exactly one '/' separator"                                 },
    {"//",                  "server name must contain exactly one"                                               },
    {"/b",                  "namespace part cannot be empty"                                                     },
    {"/",                   "namespace part cannot be empty"                                                     },
    {"a/",                  "name part cannot be empty"                                                          },
    {"a_b/c",               "namespace 'a_b' is invalid. Namespace must start and end with alphanumeric"         },
    {".a/c",                "namespace '.a' is invalid"                                                          },
    {"a-/c",                "namespace 'a-' is invalid"                                                          },
    {"a/.c",                "name '.c' is invalid. Name must start and end with alphanumeric characters, and may "
             "contain dots, underscores, and hyphens in the middle"                                  },
    {"a/c_",                "name 'c_' is invalid"                                                               },
    {"a/c d",               "name 'c d' is invalid"                                                              },
    {"a/\xc3\xa9",          "name '\xc3\xa9' is invalid"                                                         },
};

START_TEST(names_are_strict)
{
    apr_pool_t *pool = unit_pool();
    const char *complaint = mcpr_server_name_complaint(names[_i].name, pool);
    if (names[_i].complaint == NULL) {
        ck_assert_ptr_null(complaint);
    } else {
        ck_assert_ptr_nonnull(complaint);
        ck_assert_msg(strncmp(complaint, names[_i].complaint, strlen(names[_i].complaint)) == 0, "%s",
                      complaint);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(names_have_200_bytes_at_most)
{
    apr_pool_t *pool = unit_pool();
    char name[202];
    memset(name, 'a', sizeof name);
    name[1] = '/';
    name[200] = '\0';
    ck_assert_ptr_null(mcpr_server_name_complaint(name, pool));
    name[200] = 'a';
    name[201] = '\0';
    ck_assert_str_eq(mcpr_server_name_complaint(name, pool),
                     "server name exceeds maximum length of 200 characters");
    apr_pool_destroy(pool);
}
END_TEST

static const struct {
    apr_time_t time;
    const char *text;
} times[] = {
    {0,                             "1970-01-01T00:00:00.000000Z"},
    {1,                             "1970-01-01T00:00:00.000001Z"},
    {-1,                            "1969-12-31T23:59:59.999999Z"},
    {APR_INT64_C(1709210096123456), "2024-02-29T12:34:56.123456Z"},
    {APR_INT64_C(4102444799999999), "2099-12-31T23:59:59.999999Z"},
};

START_TEST(times_have_microseconds)
{
    apr_pool_t *pool = unit_pool();
    ck_assert_str_eq(mcpr_time_rfc3339(times[_i].time, pool), times[_i].text);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(official_block)
{
    apr_pool_t *pool = unit_pool();
    mcpr_official official = {.status = MCPR_STATUS_DEPRECATED,
                              .status_message = "use \"b\"\n",
                              .published_at = 1,
                              .updated_at = 2,
                              .status_changed_at = 3,
                              .is_latest = 1};
    ck_assert_str_eq(mcpr_official_render(&official, pool),
                     "{\"status\":\"deprecated\",\"statusMessage\":\"use \\\"b\\\"\\n\","
                     "\"statusChangedAt\":\"1970-01-01T00:00:00.000003Z\","
                     "\"publishedAt\":\"1970-01-01T00:00:00.000001Z\","
                     "\"updatedAt\":\"1970-01-01T00:00:00.000002Z\",\"isLatest\":true}");
    official.status_message = "";
    official.is_latest = 0;
    ck_assert_ptr_null(strstr(mcpr_official_render(&official, pool), "statusMessage"));
    ck_assert_ptr_nonnull(strstr(mcpr_official_render(&official, pool), "\"isLatest\":false}"));
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(the_pieces_make_json)
{
    apr_pool_t *pool = unit_pool();
    mcpr_official official = {.status_message = NULL};
    const char *text = apr_pstrcat(pool, MCPR_SERVER_RESPONSE_HEAD, "{}", MCPR_SERVER_RESPONSE_MIDDLE,
                                   mcpr_official_render(&official, pool), MCPR_SERVER_RESPONSE_TAIL, NULL);
    json_t *json = json_loads(text, 0, NULL);
    ck_assert_ptr_nonnull(json);
    ck_assert_ptr_nonnull(
        json_object_get(json_object_get(json, "_meta"), "io.modelcontextprotocol.registry/official"));
    json_decref(json);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(search_text_is_folded)
{
    apr_pool_t *pool = unit_pool();
    json_t *document = json_pack("{s:s, s:s}", "name", "Com.Acme/A", "description",
                                 "\xc3\x9c"
                                 "BER");
    ck_assert_str_eq(mcpr_search_text(document, pool),
                     "com.acme/a" MCPR_FOLD_SEPARATOR MCPR_FOLD_SEPARATOR "\xc3\xbc"
                     "ber");
    json_object_set_new(document, "title", json_string("T"));
    ck_assert_str_eq(mcpr_search_text(document, pool),
                     "com.acme/a" MCPR_FOLD_SEPARATOR "t" MCPR_FOLD_SEPARATOR "\xc3\xbc"
                     "ber");
    json_decref(document);
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("words");
    TCase *tcase = unit_case(suite, "words");
    tcase_add_test(tcase, states_are_read_in_any_case);
    tcase_add_loop_test(tcase, names_are_strict, 0, sizeof names / sizeof *names);
    tcase_add_test(tcase, names_have_200_bytes_at_most);
    tcase_add_loop_test(tcase, times_have_microseconds, 0, sizeof times / sizeof *times);
    tcase_add_test(tcase, official_block);
    tcase_add_test(tcase, the_pieces_make_json);
    tcase_add_test(tcase, search_text_is_folded);
    return unit_run(suite);
}
