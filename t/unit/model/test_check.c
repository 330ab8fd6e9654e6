/*
 * Checks of single documents, as publishing and upstream APIs use them.
 */
#include "common/model/check.h"
#include "common/model/json_text.h"
#include "t/unit/unit.h"
#include <string.h>

#define PUBLISHER "io.modelcontextprotocol.registry/publisher-provided"

typedef void check_function(json_t *document, const char *place, mcpr_problems *problems);

static const struct {
    check_function *check;
    const char *document, *place, *complaint; /* "" when nothing is wrong */
} cases[] = {
    {mcpr_server_check,       "{\"name\":\"a/b\",\"description\":\"d\",\"version\":\"1\"}",                "",          ""                                                               },
    {mcpr_server_check,       "{\"name\":\"a/b\",\"version\":\"1\"}",                                      "",          ": (root): description is required"                              },
    {mcpr_server_check,       "[]",                                                                        "",          ": (root): Invalid type. Expected: object, given: array"         },
    {mcpr_server_check,       "{\"name\":5,\"description\":\"d\",\"version\":\"1\"}",                      "",
     ": name: Invalid type. Expected: string, given: integer"                                                                                                                            },
    {mcpr_server_check,       "{\"name\":\"a/b\",\"description\":\"d\",\"version\":\"1\",\"title\":\"\"}", "server",
     ": server.title: String length must be greater than or equal to 1"                                                                                                                  },
    {mcpr_server_check,
     "{\"description\":\"d\",\"version\":\"1\",\"name\":\"x\",\"_meta\":{\"" PUBLISHER
     "\":{\"io.github.stacklok\":[]}}}",                                                                   "",
     " with 3 errors:\n  1. name: String length must be greater than or equal to 3\n"
     "  2. name: Does not match pattern '^[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+$'\n"
     "  3. server (root): publisher-provided extensions schema validation failed: io.github.stacklok: "
     "Invalid type. "
     "Expected: object, given: array"                                                                                                                                                    },
    {mcpr_skill_check,
     "{\"namespace\":\"com.acme\",\"name\":\"ab\",\"description\":\"d\",\"version\":\"1\","
     "\"compatibility\":5}",                                                                               "",          ": compatibility: Invalid type. Expected: string, given: integer"},
    {mcpr_plugin_check,
     "{\"namespace\":\"com.acme\",\"name\":\"ab\",\"description\":\"d\",\"version\":\"1\","
     "\"compatibility\":5}",                                                                               "",          ""                                                               },
 /* of an upstream API only types count */
    {mcpr_server_check_types, "{}",                                                                        "servers.0", ""                                                               },
    {mcpr_server_check_types,
     "{\"name\":\"\",\"description\":null,\"packages\":[{\"transport\":{\"type\":\"new\"}}],"
     "\"remotes\":[{}],\"icons\":[{\"theme\":\"pink\"}],\"_meta\":{\"" PUBLISHER
     "\":{\"io.github.stacklok\":5}}}",                                                                    "",          ""                                                               },
    {mcpr_server_check_types, "{\"version\":1}",                                                           "servers.0",
     ": servers.0.version: Invalid type. Expected: string, given: integer"                                                                                                               },
    {mcpr_server_check_types, "{\"remotes\":[{\"type\":\"new\",\"url\":5}]}",                              "",
     ": remotes.0.url: Invalid type. Expected: string, given: integer"                                                                                                                   },
    {mcpr_server_check_types, "{\"remotes\":[{\"url\":5}]}",                                               "",
     ": remotes.0.url: Invalid type. Expected: string, given: integer"                                                                                                                   },
};

START_TEST(a_document_alone)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 20);
    json_t *document = mcpr_json_parse(cases[_i].document, strlen(cases[_i].document), problems);
    ck_assert_ptr_nonnull(document);
    cases[_i].check(document, cases[_i].place, problems);
    ck_assert_str_eq(mcpr_problems_text(problems, "", pool), cases[_i].complaint);
    json_decref(document);
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(the_publisher_block_is_found)
{
    json_t *server = json_pack("{s:{s:{s:i}}}", "_meta", PUBLISHER, "a", 1);
    ck_assert_int_eq((int)json_object_size(mcpr_server_publisher_provided(server)), 1);
    json_object_set_new(json_object_get(server, "_meta"), PUBLISHER, json_string("x"));
    ck_assert_ptr_null(mcpr_server_publisher_provided(server));
    json_object_clear(server);
    ck_assert_ptr_null(mcpr_server_publisher_provided(server));
    json_decref(server);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("check");
    TCase *tcase = unit_case(suite, "check");
    tcase_add_loop_test(tcase, a_document_alone, 0, sizeof cases / sizeof *cases);
    tcase_add_test(tcase, the_publisher_block_is_found);
    return unit_run(suite);
}
