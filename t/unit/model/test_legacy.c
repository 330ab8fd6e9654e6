/*
 * ToolHive's own format: into server.json, back, and the rules of its documents.
 */
#include "common/model/json_text.h"
#include "common/model/legacy.h"
#include "t/unit/model/feed_fixture.h"

#define SERVER_HEAD \
    "{\"$schema\":\"https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json\","
#define EXTENSION(key, members)                                                                          \
    "\"_meta\":{\"io.modelcontextprotocol.registry/publisher-provided\":{\"io.github.stacklok\":{\"" key \
    "\":{" members "}}}}}"
#define CONTAINER(members) "{\"servers\":{\"k\":{\"image\":\"i\"" members "}}}"
#define OCI(transport) \
    "\"packages\":[{\"registryType\":\"oci\",\"identifier\":\"i\",\"transport\":{" transport "}"
#define NAMED(name, description) \
    SERVER_HEAD "\"name\":\"" name "\",\"description\":\"" description "\",\"version\":\"1.0.0\","
/* What a container with nothing but an image becomes, with more in its extension. */
#define PLAIN(extension)               \
    NAMED("io.github.stacklok/k", "k") \
    OCI("\"type\":\"stdio\"") "}]," EXTENSION("i", "\"status\":\"active\"" extension)

static const struct {
    const char *text, *document;
} conversions[] = {
    {CONTAINER(""),                                                                                          PLAIN("")                                                              },
    {"{\"servers\":{\"weather\":{\"image\":\"images.example.com/acme/weather:1.0\",\"description\":\"Weather "
     "for a "
     "place\",\"transport\":\"sse\",\"target_port\":3000,\"tier\":\"Official\",\"status\":\"Active\","
     "\"tools\":"
     "[\"forecast\"],\"tags\":[\"weather\"],\"repository_url\":\"https://example.com/acme/weather\",\"args\":"
     "[\"--metric\"],\"env_vars\":[{\"name\":\"API_KEY\",\"description\":\"Service key\",\"required\":true,"
     "\"secret\":true}]}}}",                                                                            NAMED("io.github.stacklok/weather",
     "Weather for a place") "\"repository\":{\"url\":\"https://example.com/acme/"
                                  "weather\",\"source\":\"github\"},"
                                  "\"packages\":[{\"registryType\":\"oci\",\"identifier\":\"images.example."
                                  "com/acme/weather:1.0\",\"transport\":"
                                  "{\"type\":\"sse\",\"url\":\"http://"
                                  "localhost:3000\"},\"environmentVariables\":[{\"name\":\"API_KEY\","
                                  "\"description\":\"Service "
                                  "key\",\"isRequired\":true,\"isSecret\":true}]}]," EXTENSION(
                                      "images.example.com/acme/weather:1.0", "\"status\":\"Active\",\"tier\":\"Official\",\"tools\":"
                                      "[\"forecast\"],\"tags\":[\"weather\"],\"args\":[\"--metric\"]")},
    {"{\"remote_servers\":{\"cloud\":{\"url\":\"https://m/"
     "sse\",\"transport\":\"sse\",\"title\":\"T\",\"env_vars\":"
     "[{\"name\":\"A\"}],\"headers\":[{\"name\":\"X\",\"required\":false,\"choices\":[\"a\"],\"secret\":true,"
     "\"default\":\"\"}],\"oauth_config\":{\"use_pkce\":false,\"issuer\":\"x\",\"unknown\":1},"
     "\"permissions\":{},"
     "\"args\":[\"x\"]}}}", SERVER_HEAD
     "\"name\":\"io.github.stacklok/cloud\",\"title\":\"T\",\"description\":\"T\",\"version\":\"1.0.0\","
     "\"remotes\":[{\"type\":\"sse\",\"url\":\"https://m/"
     "sse\",\"headers\":[{\"name\":\"X\",\"isSecret\":true,"
     "\"choices\":[\"a\"]}]}]," EXTENSION(
         "https://m/sse",                                                                        "\"status\":\"active\",\"oauth_config\":{\"issuer\":\"x\"},\"env_vars\":[{\"name\":"
                          "\"A\",\"description\":\"\",\"required\":false}]")},
 /* names */
    {CONTAINER(",\"name\":\"com.acme/x\""),
     NAMED("com.acme/x",                                                                           "k") OCI("\"type\":\"stdio\"") "}]," EXTENSION("i", "\"status\":\"active\"")},
    {CONTAINER(",\"name\":\"x\""),                                                                  NAMED("io.github.stacklok/x",                                                                                                                                                              "k") OCI(
                                       "\"type\":\"stdio\"") "}]," EXTENSION("i", "\"status\":\"active\"")},
 /* transports */
    {CONTAINER(",\"transport\":\"\",\"target_port\":80"),                                                                              PLAIN("")                                                                                                                                                    },
    {CONTAINER(",\"transport\":\"sse\",\"target_port\":0"),
     NAMED("io.github.stacklok/k", "k")
         OCI("\"type\":\"sse\",\"url\":\"http://localhost\"") "}]," EXTENSION("i", "\"status\":\"active\"")},
    {CONTAINER(",\"transport\":\"streamable-http\",\"target_port\":8080.0"),
     NAMED("io.github.stacklok/k",                                                                                                                           "k")
         OCI("\"type\":\"streamable-http\",\"url\":\"http://localhost:8080\"") "}]," EXTENSION(
             "i", "\"status\":\"active\"")},
 /* the extension */
    {CONTAINER(",\"tools\":[],\"tags\":null,\"overview\":\"\",\"custom_metadata\":{},\"proxy_port\":0,"
               "\"stateless\":"
               "false,\"groups\":5,\"headers\":5"),
     PLAIN("")},
    {CONTAINER(
         ",\"custom_metadata\":{\"n\":18446744073709551616,\"z\":null},\"proxy_port\":80,\"stateless\":true"),
     PLAIN(",\"custom_metadata\":{\"n\":18446744073709551616,\"z\":null},\"proxy_port\":80,\"stateless\":"
           "true")                                                                    },
    {CONTAINER(",\"metadata\":{\"pulls\":5,\"stars\":0}"),                                 PLAIN(",\"metadata\":{}")                                                                                                                                                   },
    {CONTAINER(",\"metadata\":{\"pulls\":5,\"stars\":3,\"last_updated\":\"x\"}"),
     PLAIN(",\"metadata\":{\"stars\":3,\"last_updated\":\"x\"}")                                                                                                                                                    },
    {CONTAINER(
         ",\"permissions\":{\"read\":[],\"privileged\":false,\"x\":1,\"network\":{\"mode\":\"\",\"outbound\":"
         "{\"allow_host\":[],\"allow_port\":[443],\"insecure_allow_all\":false},\"inbound\":{\"x\":1}}}"),
     PLAIN(",\"permissions\":{\"network\":{\"outbound\":{\"allow_port\":[443]},\"inbound\":{}}}")                                                                                                                                                                                                },
    {CONTAINER(",\"permissions\":{}"),                                                                                          PLAIN(",\"permissions\":{}")                                                                                            },
    {CONTAINER(",\"provenance\":{\"sigstore_url\":\"s\",\"repository_ref\":\"\",\"attestation\":{"
               "\"predicate\":1}}"),
     PLAIN(",\"provenance\":{\"sigstore_url\":\"s\",\"repository_uri\":\"\",\"signer_identity\":\"\","
           "\"runner_environment\":\"\",\"cert_issuer\":\"\",\"attestation\":{\"predicate\":1}}")},
    {CONTAINER(
         ",\"tool_definitions\":[{\"x\":1},{\"name\":\"t\",\"inputSchema\":{\"definitions\":{},\"type\":"
         "\"object\",\"additionalProperties\":false},\"outputSchema\":{\"properties\":{}},\"annotations\":"
         "{\"title\":\"\",\"readOnlyHint\":false,\"x\":1},\"icons\":[]}]"),
     PLAIN(",\"tool_definitions\":[{\"name\":\"\",\"inputSchema\":{\"type\":\"object\",\"properties\":{},"
           "\"required\":[]},\"annotations\":{}},{\"name\":\"t\",\"inputSchema\":{\"$defs\":{},\"type\":"
           "\"object\","
           "\"additionalProperties\":false,\"properties\":{},\"required\":[]},\"annotations\":{"
           "\"readOnlyHint\":"
           "false}}]")},
};

START_TEST(converts)
{
    apr_pool_t *pool = unit_pool();
    feed_result result = feed_read(conversions[_i].text, pool);
    ck_assert_str_eq(feed_at(&result, 0)->document, conversions[_i].document);
    ck_assert_str_eq(feed_at(&result, 0)->entry.version, "1.0.0");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(of_equal_keys_the_last_counts)
{
    apr_pool_t *pool = unit_pool();
    feed_result result =
        feed_read("{\"servers\":{\"a\":null,\"\\u0061\":{\"image\":\"one\"},\"b\":{\"image\":\"b\"},"
                  "\"a\":{\"image\":\"two\"}}}",
                  pool);
    ck_assert_str_eq(feed_at(&result, 0)->entry.name, "io.github.stacklok/b");
    ck_assert_ptr_nonnull(strstr(feed_at(&result, 1)->document, "\"identifier\":\"two\""));
    ck_assert_int_eq(result.entries->nelts, 2);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(keys_are_counted)
{
    static const char text[] =
        "{\"servers\":{\"a\":{},\"a\":{\"image\":\"i\"}},\"remote_servers\":{\"b\":{\"url\":\"http://x\","
        "\"transport\":\"sse\"}}}";
    apr_pool_t *pool = unit_pool();
    for (int cap = 0; cap <= 2; cap++) {
        mcpr_feed_options options = feed_defaults;
        options.max_entries = cap;
        feed_result result = {.pool = pool};
        feed_read_bytes(&result, text, sizeof text - 1, &options);
        ck_assert_str_eq(result.refusal,
                         cap == 2 ? "" : apr_psprintf(pool, "document has more than %d entries", cap));
        ck_assert_int_eq(result.problems->total, cap < 2);
    }
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(a_bad_head_is_a_warning)
{
    apr_pool_t *pool = unit_pool();
    feed_result result =
        feed_read("{\"version\":5,\"last_updated\":\"x\",\"groups\":[{\"servers\":5}],\"servers\":"
                  "{\"a\":{\"image\":\"i\"}}}",
                  pool);
    ck_assert_int_eq(result.status, APR_SUCCESS);
    ck_assert_str_eq(mcpr_problems_text(result.warnings, "odd", pool),
                     "odd with 3 errors:\n  1. version: Invalid type. Expected: string, given: integer\n"
                     "  2. last_updated: Does not match format 'date-time'\n"
                     "  3. groups: 1 ignored, with the servers in them");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(descriptions_have_500_characters)
{
    apr_pool_t *pool = unit_pool();
    char description[502];
    for (int length = 500; length <= 501; length++) {
        memset(description, 'x', sizeof description);
        description[length] = '\0';
        feed_result result =
            feed_read(apr_pstrcat(pool, "{\"servers\":{\"a\":{\"image\":\"i\",\"description\":\"",
                                  description, "\"}}}", NULL),
                      pool);
        ck_assert_int_eq(result.status == APR_SUCCESS, length == 500);
    }
    apr_pool_destroy(pool);
}
END_TEST

/* Version 14 of the formatter crashes on this table. */
/* clang-format off */
static const struct {
    const char *server; /* without the braces */
    const char *entry;  /* the entry, or the complaint */
} exports[] = {
    {"", "no oci package"},
    {"\"packages\":[{\"registryType\":\"OCI\"}],\"remotes\":[]", "no oci package"},
    {"\"packages\":[{\"registryType\":\"oci\"},{\"registryType\":\"oci\"}]", "more than one oci package"},
    {"\"packages\":[{\"registryType\":\"oci\",\"transport\":{\"type\":\"sse\",\"url\":\"http://{h}:{p}/\"}}]",
     "the URL of the transport can't be parsed"},
    {"\"name\":\"a/b\",\"title\":\"T\",\"packages\":[{\"registryType\":\"npm\"},{\"registryType\":\"oci\",\"identifier\":"
     "\"i\",\"transport\":{\"type\":\"sse\",\"url\":\"http://h:80/p:1\"}}],\"repository\":{\"url\":\"r\"}",
     "{\"name\":\"a/b\",\"title\":\"T\",\"repository_url\":\"r\",\"transport\":\"sse\",\"target_port\":80,\"image\":\"i\"}"},
    {"\"packages\":[{\"registryType\":\"oci\",\"identifier\":\"i\",\"transport\":{\"type\":\"sse\",\"url\":"
     "\"http://[::1]/\"},\"environmentVariables\":[{\"name\":\"A\",\"isRequired\":true}],\"runtimeArguments\":["
     "{\"type\":\"named\",\"name\":\"-e\",\"value\":\"B={b}\",\"isRequired\":true,\"description\":\"d\",\"isSecret\":"
     "true,\"variables\":{\"b\":{\"isSecret\":true,\"default\":\"x\"}}},{\"type\":\"named\",\"name\":\"--env\","
     "\"value\":\"C=1=2\"},{\"type\":\"named\",\"name\":\"-e\",\"value\":\"D={d}\"},{\"type\":\"named\",\"name\":"
     "\"-e\",\"value\":\"E\"},{\"type\":\"named\",\"name\":\"-v\",\"value\":\"F=1\"},{\"type\":\"positional\",\"name\":"
     "\"-e\",\"value\":\"G=1\"}],\"packageArguments\":[{\"type\":\"named\",\"name\":\"--x\",\"value\":\"1\"},{\"type\":"
     "\"positional\",\"value\":\"y\"}]}]",
     "{\"transport\":\"sse\",\"image\":\"i\",\"env_vars\":[{\"name\":\"A\",\"required\":true},{\"name\":\"B\","
     "\"description\":\"d\",\"required\":true,\"secret\":true,\"default\":\"x\"},{\"name\":\"C\",\"default\":\"1=2\"},"
     "{\"name\":\"D\"}],\"args\":[\"--x\",\"1\",\"y\"]}"},
    {"\"remotes\":[{\"type\":\"sse\",\"url\":\"u\",\"headers\":[{\"name\":\"H\",\"choices\":[\"c\"]}]},{\"url\":\"v\"}],"
     "\"packages\":[{}],\"_meta\":{\"io.modelcontextprotocol.registry/publisher-provided\":{\"io.github.stacklok\":"
     "{\"any\":{\"status\":\"Active\",\"oauth_config\":{},\"permissions\":{},\"tools\":[]}}}}",
     "{\"url\":\"u\",\"transport\":\"sse\",\"headers\":[{\"name\":\"H\",\"choices\":[\"c\"]}],\"status\":\"Active\","
     "\"oauth_config\":{}}"},
};
/* clang-format on */

START_TEST(exports_as_clients_do)
{
    apr_pool_t *pool = unit_pool();
    const char *text = apr_pstrcat(pool, "{", exports[_i].server, "}", NULL), *complaint;
    int kind;
    json_t *server = mcpr_json_parse(text, strlen(text), mcpr_problems_create(pool, 1));
    ck_assert_ptr_nonnull(server);
    json_t *entry = mcpr_legacy_from_server(server, &kind, &complaint);
    if (entry == NULL) {
        ck_assert_str_eq(complaint, exports[_i].entry);
    } else {
        mcpr_json_text rendered = mcpr_json_text_create(pool);
        mcpr_json_render(&rendered, entry);
        ck_assert_str_eq(apr_pstrmemdup(pool, rendered.data, rendered.len), exports[_i].entry);
        ck_assert_ptr_null(complaint);
        ck_assert_int_eq(kind, strstr(text, "remotes") != NULL ? MCPR_LEGACY_REMOTE : MCPR_LEGACY_CONTAINER);
    }
    json_decref(entry);
    json_decref(server);
    apr_pool_destroy(pool);
}
END_TEST

/* Entries that come back from server.json as they went in. */
static const struct {
    int kind;
    const char *entry;
} stable[] = {
    {MCPR_LEGACY_CONTAINER,
     "{\"name\":\"com.acme/x\",\"title\":\"T\",\"description\":\"D\",\"image\":\"i:1\",\"transport\":\"sse\","
     "\"target_port\":8080,\"repository_url\":\"https://"
     "r\",\"status\":\"Active\",\"tier\":\"Official\",\"tools\":[\"a\"],"
     "\"tags\":[\"ab\"],\"overview\":\"# "
     "x\",\"env_vars\":[{\"name\":\"A\",\"description\":\"d\",\"required\":true,"
     "\"secret\":true,\"default\":\"x\"}],\"args\":[\"--y\"],\"docker_tags\":[\"1\"],\"permissions\":{"
     "\"network\":"
     "{\"outbound\":{\"allow_port\":[1.0]}}},\"provenance\":{\"sigstore_url\":\"s\",\"repository_uri\":\"\","
     "\"signer_identity\":\"\",\"runner_environment\":\"\",\"cert_issuer\":\"\"},\"metadata\":{\"stars\":1},"
     "\"custom_metadata\":{\"a\":[1e400]},\"stateless\":true,\"proxy_port\":1}"                         },
    {MCPR_LEGACY_REMOTE,
     "{\"name\":\"com.acme/y\",\"description\":\"D\",\"url\":\"https://"
     "u\",\"transport\":\"streamable-http\",\"status\":"
     "\"deprecated\",\"headers\":[{\"name\":\"H\",\"required\":true,\"choices\":[\"a\"]}],\"oauth_config\":{"
     "\"scopes\":"
     "[\"s\"]},\"env_vars\":[{\"name\":\"V\",\"description\":\"\",\"required\":false}],\"metadata\":{}}"},
};

START_TEST(round_trip)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 5);
    json_t *entry = mcpr_json_parse(stable[_i].entry, strlen(stable[_i].entry), problems);
    mcpr_legacy_check(entry, stable[_i].kind, "e", problems);
    ck_assert_str_eq(mcpr_problems_text(problems, "", pool), "");
    json_t *server = mcpr_legacy_to_server("key", entry, stable[_i].kind);
    const char *complaint;
    int kind = 0;
    json_t *back = mcpr_legacy_from_server(server, &kind, &complaint);
    ck_assert_int_eq(kind, stable[_i].kind);
    ck_assert(json_equal(entry, back));
    json_decref(back);
    json_decref(server);
    json_decref(entry);
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("legacy");
    TCase *tcase = unit_case(suite, "legacy");
    tcase_add_loop_test(tcase, converts, 0, sizeof conversions / sizeof *conversions);
    tcase_add_test(tcase, of_equal_keys_the_last_counts);
    tcase_add_test(tcase, keys_are_counted);
    tcase_add_test(tcase, a_bad_head_is_a_warning);
    tcase_add_test(tcase, descriptions_have_500_characters);
    tcase_add_loop_test(tcase, exports_as_clients_do, 0, sizeof exports / sizeof *exports);
    tcase_add_loop_test(tcase, round_trip, 0, sizeof stable / sizeof *stable);
    return unit_run(suite);
}
