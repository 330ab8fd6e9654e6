/*
 * Sources as their rows have them.
 */
#include "t/unit/unit.h"
#include "thv-syncd/sources/source.h"
#include "thv-syncd/sync/decide.h"
#include "thv-syncd/sync/stored.h"
#include <stdlib.h>

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
    s = stored("file", NULL, "{\"path\":\"/f\"}",
               "{\"names\":{\"include\":[\"a/*\",\"b/*\",7]},\"tags\":{\"exclude\":[\"old\"]}}");
    ck_assert(s->filter.present);
    ck_assert_int_eq(s->filter.names_include->nelts, 2);
    ck_assert_str_eq(APR_ARRAY_IDX(s->filter.names_include, 1, const char *), "b/*");
    ck_assert_int_eq(s->filter.names_exclude->nelts, 0);
    ck_assert_str_eq(APR_ARRAY_IDX(s->filter.tags_exclude, 0, const char *), "old");
}
END_TEST

/* What is described and read back is the same source: nothing is synced anew because of the way round. */
START_TEST(there_and_back)
{
    static const char *const blocks[][2] = {
        {"git",  "{\"repository\":\"r\",\"tag\":\"v1\",\"path\":\"a/b.json\"}"},
        {"api",  "{\"endpoint\":\"https://x.test\"}"                          },
        {"file", "{\"path\":\"/f\"}"                                          },
        {"file", "{\"url\":\"https://x.test/f\",\"timeout\":\"5s\"}"          },
    };

    for (size_t i = 0; i < sizeof blocks / sizeof *blocks; i++) {
        const mcpr_config_source *there = stored(blocks[i][0], NULL, blocks[i][1], NULL), *back;
        json_t *described = mcpr_source_describe(there);
        char *text = json_dumps(described, JSON_COMPACT);

        back = stored(blocks[i][0], NULL, text, NULL);
        ck_assert_str_eq(mcpr_settings_hash(there, pool), mcpr_settings_hash(back, pool));
        free(text);
        json_decref(described);
    }
}
END_TEST

START_TEST(rubbish)
{
    static const char *const rows[][3] = {
        {"file",  "",           NULL  },
        {"file",  "[]",         NULL  },
        {"file",  "{\"path\":", NULL  },
        {"file",  "{}",         "null"},
        {"file",  "{}",         "7"   },
        {"other", "{}",         NULL  },
        {"",      "{}",         NULL  },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ck_assert_ptr_null(stored(rows[i][0], NULL, rows[i][1], rows[i][2]));
        ck_assert_ptr_nonnull(error);
    }
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
                   "{\"names\":[]}");
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
    tcase_add_test(tcase, rubbish);
    tcase_add_test(tcase, holes);
    return unit_run(suite);
}
