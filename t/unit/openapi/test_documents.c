/* The documents: they can be made, and each form has its own type and validator. */
#include "mod_mcp_registry/openapi/documents.h"
#include "t/unit/unit.h"
#include <jansson.h>
#include <string.h>

static apr_pool_t *pool;
static const mcpr_documents *documents;

static void set_up(void)
{
    apr_pool_create(&pool, NULL);
    ck_assert_int_eq(mcpr_documents_make(&documents, pool), APR_SUCCESS);
}

static void tear_down(void)
{
    apr_pool_destroy(pool);
}

static void check_json(const mcpr_document *document, const char *title, const char *version)
{
    json_error_t error;
    const char *found_title, *found_version, *openapi;
    json_t *json = json_loadb(document->plain.body, document->plain.len, JSON_REJECT_DUPLICATES, &error);

    ck_assert_msg(json != NULL, "%s at byte %d", error.text, error.position);
    ck_assert_int_eq(json_unpack(json, "{s:s,s:{s:s,s:s}}", "openapi", &openapi, "info", "title",
                                 &found_title, "version", &found_version),
                     0);
    ck_assert_str_eq(openapi, "3.1.0");
    ck_assert_str_eq(found_title, title);
    ck_assert_str_eq(found_version, version);
    ck_assert_uint_gt(json_object_size(json_object_get(json, "paths")), 8);
    json_decref(json);
}

START_TEST(json_is_made_from_yaml)
{
    check_json(&documents->consumer_json, "MCP Registry", "1.0.0");
    check_json(&documents->server_json, "ToolHive Registry API", "0.1");
}
END_TEST

START_TEST(backslashes_survive)
{
    ck_assert(strstr(documents->consumer_yaml.plain.body, "'^(\\d+x\\d+|any)$'") != NULL);
    ck_assert(strstr(documents->consumer_json.plain.body, "\"^(\\\\d+x\\\\d+|any)$\"") != NULL);
}
END_TEST

START_TEST(each_form_has_its_validator)
{
    const mcpr_document *all[] = {&documents->consumer_yaml, &documents->consumer_json,
                                  &documents->server_yaml, &documents->server_json, &documents->root};
    enum { COUNT = sizeof(all) / sizeof(*all) };

    for (int i = 0; i < COUNT; i++) {
        ck_assert(!all[i]->plain.gzip && all[i]->packed.gzip);
        ck_assert_uint_lt(all[i]->packed.len, all[i]->plain.len);
        ck_assert_str_ne(all[i]->packed.etag, all[i]->plain.etag);
        for (int j = 0; j < i; j++) {
            ck_assert_str_ne(all[i]->plain.etag, all[j]->plain.etag);
        }
    }
    ck_assert_str_eq(documents->consumer_yaml.type, "application/yaml");
    ck_assert_str_eq(documents->consumer_json.type, "application/json");
}
END_TEST

START_TEST(small_documents_are_not_packed)
{
    mcpr_document small;

    mcpr_document_make(&small, "text/plain", "a few words", pool);
    ck_assert(!small.packed.gzip);
    ck_assert_str_eq(small.packed.etag, small.plain.etag);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("documents");
    TCase *tcase = unit_case(suite, "documents");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, json_is_made_from_yaml);
    tcase_add_test(tcase, backslashes_survive);
    tcase_add_test(tcase, each_form_has_its_validator);
    tcase_add_test(tcase, small_documents_are_not_packed);
    return unit_run(suite);
}
