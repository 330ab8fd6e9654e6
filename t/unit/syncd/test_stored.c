/*
 * Sources as their rows have them.
 */
#include "t/unit/unit.h"
#include "thv-syncd/sources/source.h"
#include "thv-syncd/sync/decide.h"
#include "thv-syncd/sync/stored.h"
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

static apr_pool_t *pool;
static const char *error;

static void set_up(void)
{
    pool = unit_pool();
    error = NULL;
}

static void tear_down(void)
{
    apr_pool_destroy(pool);
}

static const mcpr_config_source *stored(const char *type, const char *format, const char *block,
                                        const char *filter)
{
    const mcpr_source_row row = {"src", type, format, block, filter, apr_time_from_sec(60)};

    return mcpr_source_stored(&row, &error, pool);
}

START_TEST(type_blocks)
{
    const mcpr_config_source *s = stored("git", "toolhive",
                                         "{\"repository\":\"https://x.test/r.git\",\"branch\":\"main\","
                                         "\"auth\":{\"username\":\"u\",\"passwordFile\":\"/p\"}}",
                                         NULL);

    ck_assert_ptr_nonnull(s);
    ck_assert_str_eq(s->name, "src");
    ck_assert_int_eq(s->type, MCPR_SOURCE_GIT);
    ck_assert_int_eq(s->format, MCPR_FORMAT_TOOLHIVE);
    ck_assert_int_eq(s->interval, apr_time_from_sec(60));
    ck_assert_str_eq(s->git.repository, "https://x.test/r.git");
    ck_assert_str_eq(s->git.branch, "main");
    ck_assert_str_eq(s->git.path, "registry.json");
    ck_assert_str_eq(s->git.username, "u");
    ck_assert_str_eq(s->git.password_file, "/p");
    ck_assert_ptr_null(s->git.tag);

    s = stored("api", NULL, "{\"endpoint\":\"https://x.test\",\"timeout\":\"1m\"}", NULL);
    ck_assert_str_eq(s->api.endpoint, "https://x.test");
    ck_assert_int_eq(s->api.timeout, apr_time_from_sec(60));
    ck_assert_int_eq(s->format, MCPR_FORMAT_AUTO);

    s = stored("file", NULL, "{\"url\":\"https://x.test/f\",\"path\":\"\",\"timeout\":\"-1s\",\"more\":1}",
               NULL);
    ck_assert_str_eq(s->file.url, "https://x.test/f");
    ck_assert_ptr_null(s->file.path);
    ck_assert_int_eq(s->file.timeout, apr_time_from_sec(30));
}
END_TEST

START_TEST(filters)
{
    const mcpr_config_source *s = stored("file", NULL, "{\"path\":\"/f\"}", NULL);

    ck_assert(!s->filter.present);
    ck_assert_int_eq(s->filter.names_include->nelts, 0);
    s = stored(
        "file", NULL, "{\"path\":\"/f\"}",
        "{\"names\":{\"include\":[\"a/*\",\"b/*\"],\"exclude\":null},\"tags\":{\"exclude\":[\"old\"]}}");
    ck_assert(s->filter.present);
    ck_assert_int_eq(s->filter.names_include->nelts, 2);
    ck_assert_str_eq(APR_ARRAY_IDX(s->filter.names_include, 1, const char *), "b/*");
    ck_assert_int_eq(s->filter.names_exclude->nelts, 0);
    ck_assert_str_eq(APR_ARRAY_IDX(s->filter.tags_exclude, 0, const char *), "old");
}
END_TEST

/* A text that may be absent. */
static void same(const char *a, const char *b)
{
    ck_assert_int_eq(a == NULL, b == NULL);
    if (a) {
        ck_assert_str_eq(a, b);
    }
}

static void same_source(const mcpr_config_source *a, const mcpr_config_source *b)
{
    same(a->git.repository, b->git.repository);
    same(a->git.branch, b->git.branch);
    same(a->git.tag, b->git.tag);
    same(a->git.commit, b->git.commit);
    same(a->git.path, b->git.path);
    same(a->git.username, b->git.username);
    same(a->git.password_file, b->git.password_file);
    same(a->api.endpoint, b->api.endpoint);
    same(a->api.token_file, b->api.token_file);
    ck_assert_int_eq(a->api.timeout, b->api.timeout);
    same(a->file.path, b->file.path);
    same(a->file.url, b->file.url);
    same(a->file.data, b->file.data);
    ck_assert_int_eq(a->file.timeout, b->file.timeout);
}

/* What is described and read back is the same source: nothing is synced anew because of the way round. */
START_TEST(there_and_back)
{
    static const char *const blocks[][2] = {
        {"git",  "{\"repository\":\"r\",\"tag\":\"v1\",\"path\":\"a/b.json\"}"                          },
        {"git",
         "{\"repository\":\"r\",\"branch\":\"b\",\"auth\":{\"username\":\"u\",\"passwordFile\":\"/p\"}}"},
        {"git",  "{\"repository\":\"r\",\"commit\":\"c\"}"                                              },
        {"api",  "{\"endpoint\":\"https://x.test\"}"                                                    },
        {"file", "{\"path\":\"/f\"}"                                                                    },
        {"file", "{\"url\":\"https://x.test/f\",\"timeout\":\"5s\"}"                                    },
        {"api",  "{\"endpoint\":\"https://x.test\",\"timeout\":\"1m30s\",\"tokenFile\":\"/t\"}"         },
        {"file", "{\"data\":\"{}\"}"                                                                    },
    };

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        const mcpr_config_source *there = stored(blocks[i][0], NULL, blocks[i][1], NULL), *back;
        json_t *described = mcpr_source_describe(there);
        char *text = json_dumps(described, JSON_COMPACT);

        back = stored(blocks[i][0], NULL, text, NULL);
        same_source(there, back);
        ck_assert_str_eq(mcpr_settings_hash(there, pool), mcpr_settings_hash(back, pool));
        free(text);
        json_decref(described);
    }
}
END_TEST

/* Whoever may read the source may read what is described: no password is in it. */
START_TEST(described_without_passwords)
{
    static const char *const blocks[][3] = {
        {"git",  "{\"repository\":\"https://u:secret@x.test/r\"}", "https://x.test/r"    },
        {"api",  "{\"endpoint\":\"https://u:secret@x.test/a\"}",   "https://x.test/a"    },
        {"file", "{\"url\":\"https://u:secret@x.test/f?a=1\"}",    "https://x.test/f?a=1"},
    };

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        json_t *described = mcpr_source_describe(stored(blocks[i][0], NULL, blocks[i][1], NULL));
        char *text = json_dumps(described, JSON_COMPACT | JSON_ENCODE_ANY);

        ck_assert_ptr_null(strstr(text, "secret"));
        ck_assert_ptr_nonnull(strstr(text, blocks[i][2]));
        free(text);
        json_decref(described);
    }
}
END_TEST

/* Another timeout or password is no reason to write the source anew; another address or token file is. */
START_TEST(what_the_settings_hash_is_of)
{
    const char *hash =
        mcpr_settings_hash(stored("api", NULL, "{\"endpoint\":\"https://x.test\"}", NULL), pool);
    static const struct {
        const char *block;
        int same;
    } rows[] = {
        {"{\"endpoint\":\"https://x.test\",\"timeout\":\"1m\"}",   1},
        {"{\"endpoint\":\"https://u:p@x.test\"}",                  1},
        {"{\"endpoint\":\"https://y.test\"}",                      0},
        {"{\"endpoint\":\"https://x.test\",\"tokenFile\":\"/t\"}", 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *other = mcpr_settings_hash(stored("api", NULL, rows[i].block, NULL), pool);

        ck_assert_int_eq(strcmp(hash, other) == 0, rows[i].same);
    }
}
END_TEST

/* Opens and fetches: what is wrong with the row is said before anything is asked for. */
static const char *failure(const mcpr_config_source *s, int opens)
{
    const mcpr_source_limits limits = {.document_bytes = 1000, .entries = 10, .pages = 1};
    mcpr_document document;
    mcpr_source *source;
    apr_status_t status = mcpr_source_open(&source, s, &limits, NULL, &error, pool);

    ck_assert_int_eq(status == APR_SUCCESS, opens);
    if (opens) {
        status = mcpr_source_fetch(source, &document, &error, pool);
    }
    ck_assert_int_eq(status, APR_EINVAL);
    return error;
}

START_TEST(timeouts)
{
    static const struct {
        const char *type, *key, *timeout, *complaint;
    } rows[] = {
        {"api",  "endpoint", "soon", "invalid api timeout \"soon\": no duration"                              },
        {"api",  "endpoint", "0s",   "invalid api timeout \"0s\": it must be greater than zero and 5m at most"},
        {"api",  "endpoint", "-1s",
         "invalid api timeout \"-1s\": it must be greater than zero and 5m at most"                           },
        {"api",  "endpoint", "5m1s",
         "invalid api timeout \"5m1s\": it must be greater than zero and 5m at most"                          },
        {"file", "url",      "9",    "invalid timeout \"9\": no duration"                                     },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *block = apr_psprintf(pool, "{\"%s\":\"http://127.0.0.1:1/\",\"timeout\":\"%s\"}",
                                         rows[i].key, rows[i].timeout);

        ck_assert_str_eq(failure(stored(rows[i].type, NULL, block, NULL), 1), rows[i].complaint);
    }
}
END_TEST

START_TEST(rubbish)
{
    static const char *const rows[][3] = {
        {"file", "",           NULL                                 },
        {"file", "[]",         NULL                                 },
        {"file", "{\"path\":", NULL                                 },
        {"file", "{}",         "null"                               },
        {"file", "{}",         "7"                                  },
        {"file", "{}",         "{\"names\":[]}"                     },
        {"file", "{}",         "{\"tags\":{\"include\":{}}}"        },
        {"file", "{}",         "{\"tags\":{\"exclude\":\"x\"}}"     },
        {"file", "{}",         "{\"names\":{\"include\":[\"a\",7]}}"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_ptr_nonnull(strstr(failure(stored(rows[i][0], NULL, rows[i][1], rows[i][2]), 0),
                                     rows[i][2] ? "the stored filter is" : "the stored type block is"));
    }
    ck_assert_ptr_null(stored("other", NULL, "{}", NULL));
    ck_assert_str_eq(error, "source 'src': unknown type 'other'");
}
END_TEST

/* Members of another kind are as if they were not there; the handler says what is missing. */
START_TEST(holes)
{
    static const char *const types[] = {"git", "api", "file"};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const mcpr_source_limits limits = {.document_bytes = 1000, .entries = 10, .pages = 1};
        const mcpr_config_source *s =
            stored(types[i], "nonsense", "{\"repository\":7,\"auth\":\"x\",\"timeout\":\"soon\",\"path\":{}}",
                   "{\"names\":{}}");
        mcpr_document document;
        mcpr_source *source;
        apr_status_t status;

        ck_assert_ptr_nonnull(s);
        ck_assert_ptr_nonnull(mcpr_settings_hash(s, pool));
        status = mcpr_source_open(&source, s, &limits, NULL, &error, pool);
        status = status == APR_SUCCESS ? mcpr_source_fetch(source, &document, &error, pool) : status;
        ck_assert_int_ne(status, APR_SUCCESS);
        ck_assert_ptr_nonnull(error);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stored");
    TCase *tcase = unit_case(suite, "stored");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, type_blocks);
    tcase_add_test(tcase, filters);
    tcase_add_test(tcase, there_and_back);
    tcase_add_test(tcase, described_without_passwords);
    tcase_add_test(tcase, what_the_settings_hash_is_of);
    tcase_add_test(tcase, timeouts);
    tcase_add_test(tcase, rubbish);
    tcase_add_test(tcase, holes);
    return unit_run(suite);
}
