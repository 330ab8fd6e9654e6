/*
 * The parts of the api source that need no network: the probe's verdict, the gathering of pages.
 */
#include "t/unit/unit.h"
#include "thv-syncd/sources/api_pages.h"
#include "thv-syncd/sources/api_probe.h"
#include <apr_strings.h>
#include <string.h>

#define PROSE "see https://github.com/modelcontextprotocol/registry there"

static apr_pool_t *pool;
static const char *error;
static mcpr_source_limits limits;

static void set_up(void)
{
    pool = unit_pool();
    error = NULL;
    limits = (mcpr_source_limits){.document_bytes = 1000, .entries = 3, .pages = 3};
}

static void tear_down(void)
{
    apr_pool_destroy(pool);
}

/* Descriptions, and a word of the complaint; NULL: a registry's. */
static const struct {
    const char *yaml, *complaint;
} descriptions[] = {
    {"info:\n  version: 1.0.0\n  description: " PROSE "\n",                                           NULL              },
    {"{\"info\":{\"version\":\"1.0.0\",\"description\":\"" PROSE "\"}}",                              NULL              },
    {"info: {version: '1.0.0', description: 'see https://github.com/modelcontextprotocol/registry'}", NULL              },
    {"info:\n  version: 1.0\n  description: " PROSE "\n",                                             "info.version"    },
    {"info:\n  version: \"1.0\"\n  description: " PROSE "\n",                                         "is not 1.0.0"    },
    {"info:\n  version: [1.0.0]\n  description: " PROSE "\n",                                         "info.version"    },
    {"info:\n  version: 1.0.0\n",                                                                     "info.description"},
    {"info:\n  version: 1.0.0\n  description: another one\n",                                         "does not name"   },
    {"info:\n  version: 1.0.0\n  description: 5\n",                                                   "info.description"},
    {"info: 5\n",                                                                                     "no map info"     },
    {"[info]",                                                                                        "no map info"     },
    {"",                                                                                              "no map info"     },
    {"{",                                                                                             "not YAML"        },
    {"\xff",                                                                                          "not YAML"        },
    {"<!doctype html>\n<html>",                                                                       "no map info"     },
};

START_TEST(descriptions_of_registries)
{
    const char *yaml = descriptions[_i].yaml, *wanted = descriptions[_i].complaint;
    const char *complaint = mcpr_api_description_read(yaml, strlen(yaml), pool).complaint;

    if (!wanted) {
        ck_assert_msg(!complaint, "'%s'", complaint);
        return;
    }
    ck_assert_ptr_nonnull(complaint);
    ck_assert_msg(strstr(complaint, wanted) != NULL, "'%s' has no '%s'", complaint, wanted);
}
END_TEST

#define LIST(parameters)       "paths: {/v0.1/servers: {get: {parameters: " parameters "}}}\n"
#define COMPONENTS(parameters) "components: {parameters: " parameters "}\n"
#define REF(name)              "{$ref: '#/components/parameters/" name "'}"

/* Descriptions of lists, and whether they can be asked for changes. */
static const struct {
    const char *yaml;
    int tells;
} lists[] = {
    {LIST("[{name: limit}, {name: updated_since, in: query}, {name: include_deleted}]"),               1},
    {LIST("[" REF("S") ", {name: include_deleted}]") COMPONENTS("{S: {name: updated_since}}"),         1},
    {LIST("[" REF("S") "," REF("D") "]") COMPONENTS("{D: {name: include_deleted}, S: {name: no}}"),    0},
    {LIST("[{name: limit}, {name: updated_since}]"),                                                   0},
    {LIST("[{name: limit}, {name: include_deleted}]"),                                                 0},
    {LIST("[" REF("S") ", {name: include_deleted}]") COMPONENTS("{S: " REF("S") "}"),                  0},
    {LIST("[" REF("") "," REF("N") ", {$ref: 5}, {$ref: elsewhere}, 5, [], {name: [updated_since]}]"), 0},
    {LIST("{name: updated_since}"),                                                                    0},
    {"paths: [/v0.1/servers]\n",                                                                       0},
    {"paths: {/v0.1/servers: {post: {parameters: [{name: updated_since}, {name: include_deleted}]}}}", 0},
    {"paths: {/v0/servers: {get: {parameters: [{name: updated_since}, {name: include_deleted}]}}}",    0},
    {"{",                                                                                              0},
    {"",                                                                                               0},
};

START_TEST(lists_that_tell_changes)
{
    ck_assert_int_eq(mcpr_api_description_read(lists[_i].yaml, strlen(lists[_i].yaml), pool).tells_changes,
                     lists[_i].tells);
}
END_TEST

/* Gathers pages in this order, NULL ends them; returns what the first failure did, or finishing. */
static apr_status_t gather(const char *const *texts, mcpr_document *document)
{
    mcpr_api_pages *pages = mcpr_api_pages_create("src", &limits, pool);
    const char *cursor;
    apr_status_t status = APR_SUCCESS;
    int number = 0;

    for (int i = 0; status == APR_SUCCESS; i++) {
        status = mcpr_api_pages_next(pages, &cursor, &number, &error);
        if (status != APR_SUCCESS) {
            break;
        }
        ck_assert_ptr_nonnull(texts[i]);
        ck_assert_int_eq(number, i + 1);
        status = mcpr_api_pages_take(pages, texts[i], strlen(texts[i]), &error, pool);
    }
    return status == APR_EOF ? mcpr_api_pages_finish(pages, document) : status;
}

static mcpr_document gathered(const char *one, const char *two)
{
    const char *const texts[] = {one, two, NULL};
    mcpr_document document = {0};

    ck_assert_int_eq(gather(texts, &document), APR_SUCCESS);
    return document;
}

#define SERVER(name)          "{\"server\":{\"name\":\"" name "\",\"x\":1}}"
#define PAGE(servers, cursor) "{\"servers\":[" servers "],\"metadata\":{\"nextCursor\":\"" cursor "\"}}"

START_TEST(pages_become_one_list)
{
    mcpr_document document = gathered(PAGE(SERVER("a") "," SERVER("b"), "2"), PAGE(SERVER("c"), ""));

    ck_assert_int_eq(document.is_list, 1);
    ck_assert_str_eq(apr_pstrmemdup(pool, document.data, document.len),
                     "{\"servers\":[" SERVER("a") "," SERVER("b") "," SERVER("c") "]}");
    document = gathered(PAGE("", ""), NULL);
    ck_assert_str_eq(apr_pstrmemdup(pool, document.data, document.len), "{\"servers\":[]}");
}
END_TEST

/* Pages that are the same list as the first one here, or not. */
static const struct {
    const char *page;
    int same;
} variants[] = {
    {PAGE(SERVER("a") "," SERVER("b"),                           ""), 1},
    {"{ \"servers\" : [ " SERVER("a") " ,\n" SERVER("b") " ] }", 1  },
    {PAGE("{\"x\":2,\"server\":{\"x\":1,\"name\":\"a\",\"y\":null}}," SERVER("b"),                                                       ""),   1 },
    {PAGE(SERVER("b") "," SERVER("a"),                                                       ""),   0},
    {PAGE(SERVER("a"),                                                       ""),   0 },
    {PAGE("{\"server\":{\"name\":\"a\",\"x\":2}}," SERVER("b"),                                                       ""),   0},
    {PAGE("{\"server\":{\"name\":\"a\",\"x\":1,\"y\":[]}}," SERVER("b"),                                                       ""),   0 },
    {PAGE("{\"server\":{\"name\":\"a\",\"x\":1},\"_meta\":{\"io.modelcontextprotocol.registry/official\":{"
          "\"status\":\"deprecated\"}}}," SERVER("b"),
     ""),
     0},
    {PAGE("{\"server\":{\"name\":\"a\",\"x\":1},\"_meta\":{\"io.modelcontextprotocol.registry/official\":{"
          "\"statusMessage\":\"m\"}}}," SERVER("b"),
     ""),
     0                                                               },
};

START_TEST(what_the_hash_knows)
{
    const char *first = gathered(variants[0].page, NULL).hash;

    ck_assert_int_eq(strcmp(gathered(variants[_i].page, NULL).hash, first) == 0, variants[_i].same);
    /* Where pages end does not count. */
    ck_assert_str_eq(gathered(PAGE(SERVER("a"), "2"), PAGE(SERVER("b"), "")).hash, first);
}
END_TEST

START_TEST(changes_since_a_known_list)
{
    mcpr_document document;

    limits.known_hash = gathered(PAGE(SERVER("a"), ""), NULL).hash;
    document = gathered(PAGE("", ""), NULL);
    ck_assert(!document.is_partial);
    ck_assert_str_ne(document.hash, limits.known_hash);

    limits.since = "2026-01-02T03:04:05Z";
    document = gathered(PAGE("", "2"), PAGE("", ""));
    ck_assert(document.is_partial);
    ck_assert_str_eq(document.hash, limits.known_hash);
    document = gathered(PAGE(SERVER("a"), ""), NULL);
    ck_assert(document.is_partial);
    ck_assert_str_ne(document.hash, limits.known_hash);
    ck_assert_str_eq(document.hash, gathered(PAGE(SERVER("a"), ""), NULL).hash);
}
END_TEST

/* Pages that come to no good end. */
static const struct {
    const char *texts[4];
    apr_status_t status;
    const char *error;
} bad[] = {
    {{PAGE("", "a"), PAGE("", "b"), PAGE("", "c"), NULL},
     APR_EGENERAL,                                                                                      "pagination exceeded maximum pages (3), possible infinite loop or malicious upstream"},
    {{PAGE("", "a"), PAGE("", "b"), PAGE("", "a"), NULL},
     APR_EGENERAL,                                                                                      "page 3 repeats a cursor, possible infinite loop or malicious upstream"              },
    {{PAGE(SERVER("a") "," SERVER("b"), "a"), PAGE(SERVER("a") "," SERVER("b"), ""), NULL},
     APR_ENOSPC,                                                                                        "total servers (4) would exceed maximum (3), could cause out of service"             },
    {{PAGE("", "a"), "{}", NULL},
     APR_EINVAL,                                                                                        "failed to parse response page 2: servers: is missing, must be an array"             },
    {{PAGE("5", "a"), NULL},                                                                APR_EINVAL, "failed to parse response page 1: servers.0: must be an object"                      },
};

START_TEST(bounds_and_bad_pages)
{
    mcpr_document document;

    ck_assert_int_eq(gather(bad[_i].texts, &document), bad[_i].status);
    ck_assert_str_eq(error, bad[_i].error);
}
END_TEST

#define ROWS(table) ((int)(sizeof(table) / sizeof *(table)))

int main(void)
{
    Suite *suite = suite_create("api");
    TCase *tcase = unit_case(suite, "api");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_loop_test(tcase, descriptions_of_registries, 0, ROWS(descriptions));
    tcase_add_test(tcase, pages_become_one_list);
    tcase_add_loop_test(tcase, what_the_hash_knows, 0, ROWS(variants));
    tcase_add_loop_test(tcase, lists_that_tell_changes, 0, ROWS(lists));
    tcase_add_test(tcase, changes_since_a_known_list);
    tcase_add_loop_test(tcase, bounds_and_bad_pages, 0, ROWS(bad));
    return unit_run(suite);
}
