/*
 * The file source: what is read, and what is refused before it could do harm.
 */
#include "t/unit/unit.h"
#include "thv-syncd/sources/source.h"
#include "thv-syncd/sources/url_memo.h"
#include <apr_strings.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static apr_pool_t *pool;
static char folder[64];
static const char *error;
static mcpr_document document;

static void set_up(void)
{
    pool = unit_pool();
    apr_cpystrn(folder, "/tmp/test_file.XXXXXX", sizeof folder);
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void tear_down(void)
{
    ck_assert_int_eq(system(apr_psprintf(pool, "rm -rf '%s'", folder)), 0);
    apr_pool_destroy(pool);
}

static const char *path_of(const char *name)
{
    return apr_psprintf(pool, "%s/%s", folder, name);
}

static void put(const char *name, const char *text)
{
    FILE *f = fopen(path_of(name), "w");

    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    fclose(f);
}

static apr_status_t fetch(const char *path, apr_int64_t limit, const mcpr_pulse *pulse)
{
    mcpr_config_source *config = apr_pcalloc(pool, sizeof *config);
    mcpr_source_limits limits = {.document_bytes = limit};
    mcpr_source *source;

    config->type = MCPR_SOURCE_FILE;
    config->file.path = path;
    ck_assert_int_eq(mcpr_source_open(&source, config, &limits, pulse, &error, pool), APR_SUCCESS);
    return mcpr_source_fetch(source, &document, &error, pool);
}

static void refused(const char *path, apr_int64_t limit, const char *words)
{
    ck_assert_int_ne(fetch(path, limit, NULL), APR_SUCCESS);
    ck_assert_msg(strstr(error, words) != NULL, "'%s' has no '%s'", error, words);
}

START_TEST(reads)
{
    put("f", "hello");
    ck_assert_int_eq(symlink("f", path_of("link")), 0);
    ck_assert_int_eq(fetch(path_of("link"), 5, NULL), APR_SUCCESS);
    ck_assert_uint_eq(document.len, 5);
    ck_assert_int_eq(memcmp(document.data, "hello", 5), 0);
    ck_assert_str_eq(document.hash, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    put("empty", "");
    ck_assert_int_eq(fetch(path_of("empty"), 5, NULL), APR_SUCCESS);
    ck_assert_uint_eq(document.len, 0);
}
END_TEST

START_TEST(refuses)
{
    put("f", "hello!");
    refused(path_of("none"), 5, "file not found: ");
    refused(folder, 5, "is a directory");
    refused("/dev/null", 5, "not a regular file");
    refused(path_of("f"), 5, "response size 6 bytes exceeds maximum allowed size of 5 bytes");
    /* Nobody writes: an open that waits would never come back. */
    ck_assert_int_eq(mkfifo(path_of("pipe"), 0600), 0);
    refused(path_of("pipe"), 5, "not a regular file");
}
END_TEST

static apr_status_t stop(void *baton)
{
    (void)baton;
    return MCPR_ESTOPPED;
}

START_TEST(stops)
{
    mcpr_pulse pulse = {stop, NULL};

    put("f", "hello");
    ck_assert_int_eq(fetch(path_of("f"), 5, &pulse), MCPR_ESTOPPED);
}
END_TEST

START_TEST(what_is_not_there_yet_is_named)
{
    mcpr_config_source cluster = {.name = "k", .type = MCPR_SOURCE_KUBERNETES};
    mcpr_config_source url = {.name = "u", .type = MCPR_SOURCE_FILE, .file = {.url = "http://x/"}};
    mcpr_config_source file = {.name = "f", .type = MCPR_SOURCE_FILE, .file = {.path = "/x"}};
    mcpr_config_source managed = {.name = "m", .type = MCPR_SOURCE_MANAGED};

    ck_assert_ptr_nonnull(strstr(mcpr_source_complaint(&cluster, pool), "sources[].kubernetes"));
    ck_assert_ptr_null(mcpr_source_complaint(&url, pool));
    ck_assert_ptr_null(mcpr_source_complaint(&file, pool));
    ck_assert_ptr_null(mcpr_source_complaint(&managed, pool));
    ck_assert(mcpr_source_syncable(&file) && !mcpr_source_syncable(&managed));
}
END_TEST

/* Sources of the API may be called anything: their memos stay in the folder, and are swept like all. */
START_TEST(memos)
{
    static const char *const named[] = {"../outside", "a/b", "plain", ""};
    apr_array_header_t *names = apr_array_make(pool, 4, sizeof(const char *));

    ck_assert_int_eq(mkdir(path_of("state"), 0700), 0);
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        const mcpr_url_memo memo = {"u", "h", "e", NULL};

        mcpr_url_memo_write(&memo, path_of("state"), named[i], pool);
        APR_ARRAY_PUSH(names, const char *) = named[i];
    }
    ck_assert_int_eq(access(path_of("url-../outside.json"), F_OK), -1);
    ck_assert_int_eq(access(path_of("outside.json"), F_OK), -1);
    ck_assert_int_eq(mcpr_url_memo_sweep(path_of("state"), names, pool), APR_SUCCESS);
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        mcpr_url_memo memo = {.url = "u"};

        ck_assert(mcpr_url_memo_read(&memo, path_of("state"), named[i], pool));
    }
    apr_array_clear(names);
    ck_assert_int_eq(mcpr_url_memo_sweep(path_of("state"), names, pool), APR_SUCCESS);
    ck_assert_int_eq(rmdir(path_of("state")), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("file");
    TCase *tcase = unit_case(suite, "file");

    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, reads);
    tcase_add_test(tcase, refuses);
    tcase_add_test(tcase, stops);
    tcase_add_test(tcase, memos);
    tcase_add_test(tcase, what_is_not_there_yet_is_named);
    return unit_run(suite);
}
