/*
 * Feeds in the upstream format that are accepted: what comes out, and that nothing is lost.
 */
#include "common/util/fold.h"
#include "t/unit/model/feed_fixture.h"

#define DEFAULTS                                                                \
    ",\"$schema\":\"https://static.modelcontextprotocol.io/schemas/2025-12-11/" \
    "server.schema.json\",\"_meta\":{}"
#define PUBLISHER(block) ",\"_meta\":{\"io.modelcontextprotocol.registry/publisher-provided\":" block "}"

/* What is added to a good server, and how the server comes back after it; NULL: as it was given. */
static const struct {
    const char *more, *document;
} kept[] = {
    {",\"$schema\":\"x:y\",\"_meta\":{}",                                                                  NULL                          },
    {",\"x\":[{\"z\":1,\"a\":[]},{}],\"$schema\":\"urn:2020\",\"_meta\":{\"a.b/c\":[1.0,null,\"\"]}",      NULL                          },
    {",\"$schema\":\"x:y\",\"icons\":[{\"src\":\"data:,x\",\"sizes\":[\"48x48\",\"any\"],\"theme\":\"dark\"}]"
     ","
     "\"_meta\":{}",                                                                                  NULL                          },
    {",\"$schema\":\"x:y\",\"packages\":[],\"remotes\":[],\"_meta\":{}",                                   NULL                          },
    {",\"$schema\":\"x:y\",\"remotes\":[{\"type\":\"sse\",\"url\":\"http://{h}:{p}/x\",\"variables\":{\"h\":"
     "{\"choices\":[],\"default\":\"\"}}},{\"type\":\"sse\",\"url\":\"http://b\"},{\"type\":\"sse\",\"url\":"
     "\"http://b\"}],\"_meta\":{}",                                                                   NULL                          },
    {",\"$schema\":\"x:y\",\"packages\":[{\"registryType\":\"\",\"identifier\":\"\",\"transport\":{\"type\":"
     "\"stdio\",\"url\":\"\",\"headers\":[{}]},\"packageArguments\":[{\"type\":\"positional\",\"value\":\"\"}"
     ","
     "{\"type\":\"named\",\"name\":\"--x\",\"isRepeated\":false,\"variables\":{\"v\":{\"isSecret\":true}}}],"
     "\"version\":\"Latest\"}],\"_meta\":{}",                                                         NULL                          },
    {",\"$schema\":\"x:y\"" PUBLISHER("{}"),                                                               NULL                          },
    {",\"$schema\":\"x:y\"" PUBLISHER("{\"tool\":\"publisher-cli\",\"n\":[9007199254740993,1e400,null]}"),
     NULL                                                                                                                                },
    {",\"$schema\":\"x:y\"" PUBLISHER("{\"io.github.stacklok\":{\"img:1\":{\"status\":\"ACTIVE\",\"tier\":"
                                      "\"Official\",\"tags\":[\"ab\"],\"proxy_port\":443.0,\"metadata\":{"
                                      "\"stars\":0,\"pulls\":5},\"x\":null}}}"),
     ",\"$schema\":\"x:y\"" PUBLISHER(
         "{\"io.github.stacklok\":{\"img:1\":{\"status\":\"ACTIVE\",\"tier\":"
         "\"Official\",\"tags\":[\"ab\"],\"proxy_port\":443.0,\"metadata\":{\"stars\":0,\"pulls\":5}}}}")                                },
    {"",                                                                                                   DEFAULTS                      },
    {",\"title\":null,\"packages\":null,\"_meta\":null,\"$schema\":null,\"unknown\":null",                 DEFAULTS                      },
    {",\"repository\":{\"url\":\"a:b\",\"source\":\"\",\"id\":null}",
     ",\"repository\":{\"url\":\"a:b\",\"source\":\"\"}" DEFAULTS                                                                        },
    {",\"_meta\":{\"io.modelcontextprotocol.registry/publisher-provided\":null},\"x\":{\"y\":null}",
     ",\"_meta\":{},\"x\":{\"y\":null},\"$schema\":"
     "\"https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json\""                                                  },
    {",\"title\":\"t\",\"title\":\"last\"",                                                                ",\"title\":\"last\"" DEFAULTS},
    {",\"Title\":5",                                                                                       ",\"Title\":5" DEFAULTS       },
};

START_TEST(documents_are_kept_whole)
{
    apr_pool_t *pool = unit_pool();
    const char *begin = "{\"name\":\"com.acme/a\",\"description\":\"d\",\"version\":\"1\"";
    const char *more = kept[_i].document != NULL ? kept[_i].document : kept[_i].more;
    /* '@' marks where the row's members go */
    char *text =
        apr_pstrdup(pool, SERVERS("{\"name\":\"com.acme/a\",\"description\":\"d\",\"version\":\"1\"@}"));
    char *at = strchr(text, '@');
    *at = '\0';
    feed_result result = feed_read(apr_pstrcat(pool, text, kept[_i].more, at + 1, NULL), pool);
    ck_assert_str_eq(feed_at(&result, 0)->document, apr_pstrcat(pool, begin, more, "}", NULL));
    ck_assert(mcpr_problems_none(result.warnings));
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(kinds_come_in_order)
{
    apr_pool_t *pool = unit_pool();
    feed_result result = feed_read(
        UPSTREAM(
            "{\"plugins\":[{\"namespace\":\"com.acme\",\"name\":\"pp\",\"description\":\"d\",\"version\":"
            "\"3\"}],"
            "\"skills\":[{\"namespace\":\"com.acme\",\"name\":\"ss\",\"title\":\"T\",\"description\":\"D\","
            "\"version\":\"2\",\"status\":\"Archived\",\"allowedTools\":[\"a\",\"b\"],\"id\":\"x\","
            "\"metadata\":{\"x\":null}}],\"servers\":[" SERVER("") "," SERVER("") "]}"),
        pool);
    ck_assert_int_eq(result.entries->nelts, 4);
    ck_assert_int_eq(feed_at(&result, 0)->entry.kind, MCPR_KIND_SERVER);
    ck_assert_str_eq(feed_at(&result, 0)->entry.namespace_, "");
    const feed_entry *skill = feed_at(&result, 2);
    ck_assert_int_eq(skill->entry.kind, MCPR_KIND_SKILL);
    ck_assert_int_eq(skill->entry.status, MCPR_STATUS_ARCHIVED);
    ck_assert_str_eq(skill->entry.namespace_, "com.acme");
    ck_assert_str_eq(skill->entry.name, "ss");
    ck_assert_str_eq(skill->entry.version, "2");
    ck_assert_str_eq(skill->entry.search_text, "ss" MCPR_FOLD_SEPARATOR "t" MCPR_FOLD_SEPARATOR "d");
    ck_assert_str_eq(skill->document,
                     "{\"namespace\":\"com.acme\",\"name\":\"ss\",\"title\":\"T\",\"description\":"
                     "\"D\",\"version\":\"2\",\"allowedTools\":[\"a\",\"b\"],\"metadata\":{\"x\":null}}");
    ck_assert_int_eq(feed_at(&result, 3)->entry.kind, MCPR_KIND_PLUGIN);
    ck_assert_int_eq(feed_at(&result, 3)->entry.status, MCPR_STATUS_ACTIVE);
    apr_pool_destroy(pool);
}
END_TEST

/* Documents that look odd and are right. */
static const char *const accepted[] = {
    UPSTREAM("{\"servers\":[" SERVER("") "],\"skills\":null,\"plugins\":[],\"groups\":null}"),
    "{\"data\":5,\"version\":\"01.0.0\",\"meta\":{\"last_updated\":\"10:30:00\"},\"x\":[1],\"servers\":null,"
    "\"data\":{\"servers\":[1],\"servers\":[" SERVER("") "]}}",
    "{\"$schema\":\"urn:x\",\"d\\u0061ta\":{\"serv\\u0065rs\":[" SERVER(
        "") "]},\"version\":\"1.0.0\","
            "\"meta\":{\"last_updated\":\"2026-01-01\",\"x\":{}}}",
    SERVERS("{\"name\":\"a/"
            "b\",\"description\":\"\xc3\xa9\",\"version\":\"1\",\"title\":\"x\",\"websiteUrl\":\"a:\"}"),
};

START_TEST(odd_but_right)
{
    apr_pool_t *pool = unit_pool();
    feed_result result = feed_read(accepted[_i], pool);
    ck_assert_msg(result.status == APR_SUCCESS, "%s", result.refusal);
    ck_assert_int_eq(result.entries->nelts, 1);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(lengths_count_code_points)
{
    apr_pool_t *pool = unit_pool();
    char *description = apr_palloc(pool, 203);
    for (int i = 0; i < 101; i++) {
        memcpy(description + 2 * i, "\xc3\xa9", 2);
    }
    description[200] = '\0';
    for (int length = 100; length <= 101; length++) {
        const char *server = apr_pstrcat(pool, "{\"name\":\"a/b\",\"version\":\"1\",\"description\":\"",
                                         description, "\"}]}}", NULL);
        feed_result result = feed_read(apr_pstrcat(pool,
                                                   "{\"version\":\"1.0.0\",\"meta\":{\"last_updated\":"
                                                   "\"2026-01-01\"},\"data\":{\"servers\":[",
                                                   server, NULL),
                                       pool);
        ck_assert_int_eq(result.status == APR_SUCCESS, length == 100);
        memcpy(description + 200, "\xc3\xa9", 3);
        description[202] = '\0';
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(odd_versions_and_names_are_warned_about)
{
    apr_pool_t *pool = unit_pool();
    feed_result result =
        feed_read(SERVERS("{\"name\":\"a/.\",\"description\":\"d\",\"version\":\"latest\"}"), pool);
    ck_assert_int_eq(result.status, APR_SUCCESS);
    ck_assert_int_eq(result.warnings->total, 2);
    ck_assert_str_eq(APR_ARRAY_IDX(result.warnings->list, 0, mcpr_problem).place, "data.servers.0");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(the_publisher_block_has_a_cap)
{
    apr_pool_t *pool = unit_pool();
    static const char text[] = SERVERS(SERVER(PUBLISHER("{ \"a\" : \"<&>\" }")));
    for (int cap = 10; cap <= 11; cap++) { /* {"a":"<&>"} */
        mcpr_feed_options options = feed_defaults;
        options.max_meta_size = cap;
        feed_result result = {.pool = pool};
        feed_read_bytes(&result, text, sizeof text - 1, &options);
        ck_assert_str_eq(
            result.refusal,
            cap == 11
                ? ""
                : "registry schema validation failed: data.servers.0: publisher-provided metadata size 11 "
                  "bytes exceeds maximum allowed size of 10 bytes");
        ck_assert_int_eq(result.entries->nelts, cap - 10);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(entries_are_counted)
{
    apr_pool_t *pool = unit_pool();
    static const char text[] = SERVERS(SERVER("") "," SERVER("") "," SERVER(""));
    for (int cap = 2; cap <= 3; cap++) {
        mcpr_feed_options options = feed_defaults;
        options.max_entries = cap;
        feed_result result = {.pool = pool};
        feed_read_bytes(&result, text, sizeof text - 1, &options);
        ck_assert_str_eq(result.refusal, cap == 2 ? "document has more than 2 entries" : "");
        ck_assert_int_eq(result.status, cap == 2 ? APR_EINVAL : APR_SUCCESS);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(the_sink_can_stop_it)
{
    apr_pool_t *pool = unit_pool();
    static const char text[] = SERVERS(SERVER("") "," SERVER("") "," SERVER(""));
    feed_result result = {.pool = pool, .stop_after = 2};
    feed_read_bytes(&result, text, sizeof text - 1, &feed_defaults);
    ck_assert_int_eq(result.status, APR_EGENERAL);
    ck_assert_int_eq(result.entries->nelts, 2);
    ck_assert_str_eq(result.refusal, "");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(the_format_is_found_out)
{
    static const struct {
        const char *text, *format;
    } cases[] = {
        {"{\"data\":{},\"servers\":{}}",  "upstream"},
        {"{\"data\":null,\"servers\":1}", "toolhive"},
        {"{\"data\":[],\"groups\":null}", "toolhive"},
        {"{\"remote_servers\":{}}",       "toolhive"},
        {"{\"data\":[]}",                 "upstream"},
        {"{}",                            "upstream"},
        {"[]",                            "upstream"},
        {"{\"$schema\":\"toolhive\"}",    "upstream"},
        {"{\"servers\":",                 "upstream"},
        {"{\"x\":{\"servers\":{}}}",      "upstream"},
    };
    apr_pool_t *pool = unit_pool();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ck_assert_str_eq(mcpr_feed_format_name(cases[i].text, strlen(cases[i].text), pool), cases[i].format);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(a_format_can_be_insisted_on)
{
    static const char upstream[] = SERVERS(SERVER("")),
                      toolhive[] = "{\"servers\":{\"a\":{\"image\":\"i\"}}}";
    apr_pool_t *pool = unit_pool();
    mcpr_feed_options options = feed_defaults;
    feed_result result = {.pool = pool};
    options.format = MCPR_FORMAT_UPSTREAM;
    feed_read_bytes(&result, upstream, sizeof upstream - 1, &options);
    ck_assert_str_eq(result.refusal, "");
    feed_read_bytes(&result, toolhive, sizeof toolhive - 1, &options);
    ck_assert_str_eq(result.refusal, "document is in the legacy ToolHive format but format is 'upstream'");
    options.format = MCPR_FORMAT_TOOLHIVE;
    feed_read_bytes(&result, toolhive, sizeof toolhive - 1, &options);
    ck_assert_str_eq(result.refusal, "");
    feed_read_bytes(&result, upstream, sizeof upstream - 1, &options);
    ck_assert_str_eq(result.refusal, "document is in the upstream format but format is 'toolhive'");
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("feed");
    TCase *tcase = unit_case(suite, "feed");
    tcase_add_loop_test(tcase, documents_are_kept_whole, 0, sizeof kept / sizeof *kept);
    tcase_add_test(tcase, kinds_come_in_order);
    tcase_add_loop_test(tcase, odd_but_right, 0, sizeof accepted / sizeof *accepted);
    tcase_add_test(tcase, lengths_count_code_points);
    tcase_add_test(tcase, odd_versions_and_names_are_warned_about);
    tcase_add_test(tcase, the_publisher_block_has_a_cap);
    tcase_add_test(tcase, entries_are_counted);
    tcase_add_test(tcase, the_sink_can_stop_it);
    tcase_add_test(tcase, the_format_is_found_out);
    tcase_add_test(tcase, a_format_can_be_insisted_on);
    return unit_run(suite);
}
