/*
 * How the configuration file is found: paths, links, extensions, and what is no file.
 */
#include "t/unit/config/load_text.h"
#include <sys/stat.h>
#include <unistd.h>

static const char good[] = "sources: [{name: a, managed: {}}]\n"
                           "registries: [{name: r, sources: [a]}]\n"
                           "database: {host: h, port: 1, user: u, database: d}\n"
                           "auth: {mode: anonymous}\n";

/* One test works in a folder of its own; */
static apr_pool_t *pool;
static const char *folder;
static char before[4096];

static void enter(void)
{
    pool = unit_pool();
    folder = text_folder(pool);
    ck_assert_ptr_nonnull(getcwd(before, sizeof before));
    ck_assert_int_eq(chdir(folder), 0);
    text_file(folder, "good.yaml", good, sizeof good - 1, pool);
}

static void leave(void)
{
    ck_assert_int_eq(chdir(before), 0);
    text_folder_remove(folder, pool);
    apr_pool_destroy(pool);
}

/* NULL when the file is accepted, else what was said. */
static const char *refusal(const char *path)
{
    mcpr_problems *problems = mcpr_problems_create(pool, 5);
    const mcpr_config *config;

    if (mcpr_config_load(&config, path, NULL, problems, pool) == APR_SUCCESS) {
        ck_assert_str_eq(config->path, path);
        return NULL;
    }
    return mcpr_problems_text(problems, "refused", pool);
}

static void assert_refused(const char *path, const char *text)
{
    const char *said = refusal(path);

    ck_assert_msg(said && strstr(said, text), "%s: %s", path ? path : "(null)", said ? said : "accepted");
}

START_TEST(takes_relative_and_absolute_paths)
{
    ck_assert_ptr_null(refusal("good.yaml"));
    ck_assert_ptr_null(refusal("./good.yaml"));
    ck_assert_ptr_null(refusal(apr_pstrcat(pool, folder, "/good.yaml", NULL)));
    ck_assert_ptr_null(
        refusal(apr_pstrcat(pool, folder, "/../", strrchr(folder, '/') + 1, "/good.yaml", NULL)));
}
END_TEST

START_TEST(wants_a_path_that_exists)
{
    assert_refused(NULL, "path is required");
    assert_refused("", "path is required");
    assert_refused("missing.yaml", "missing.yaml");
    assert_refused("good.yaml/x.yaml", "cannot");
}
END_TEST

START_TEST(stays_below_the_working_directory)
{
    assert_refused(apr_pstrcat(pool, "../", strrchr(folder, '/') + 1, "/good.yaml", NULL),
                   "below the working");
    assert_refused(apr_pstrcat(pool, "x/../../", strrchr(folder, '/') + 1, "/good.yaml", NULL), "");
}
END_TEST

START_TEST(follows_links)
{
    const char *absolute = apr_pstrcat(pool, MCPR_TEST_SRCDIR, "/t/unit/config/corpus/plain.yaml", NULL);
    const char *above = apr_pstrcat(pool, "../", strrchr(folder, '/') + 1, "/good.yaml", NULL);

    ck_assert_int_eq(symlink("good.yaml", "inner.yaml"), 0);
    ck_assert_int_eq(symlink(absolute, "outer.yaml"), 0);
    ck_assert_int_eq(symlink(above, "above.yaml"), 0);
    ck_assert_int_eq(symlink("good.conf", "c.yaml"), 0);
    ck_assert_int_eq(symlink("good.yaml", "c.conf"), 0);
    ck_assert_int_eq(symlink("loop.yaml", "loop.yaml"), 0);
    ck_assert_int_eq(symlink("nowhere.yaml", "dangling.yaml"), 0);
    text_file(folder, "good.conf", good, sizeof good - 1, pool);
    ck_assert_ptr_null(refusal("inner.yaml"));
    ck_assert_ptr_null(refusal("outer.yaml"));
    ck_assert_ptr_null(refusal("c.conf"));
    assert_refused("above.yaml", "below the working");
    assert_refused("c.yaml", "unsupported config type 'conf'");
    assert_refused("loop.yaml", "cannot be resolved");
    assert_refused("dangling.yaml", "does not exist");
}
END_TEST

START_TEST(goes_by_the_extension)
{
    ck_assert_ptr_null(refusal(text_file(folder, "a.yml", good, sizeof good - 1, pool)));
    ck_assert_ptr_null(refusal(text_file(folder, ".yaml", good, sizeof good - 1, pool)));
    assert_refused(text_file(folder, "a.YML", good, sizeof good - 1, pool), "'YML'");
    assert_refused(text_file(folder, "yaml", good, sizeof good - 1, pool), "unsupported config type ''");
    assert_refused(text_file(folder, "a.yaml.bak", good, sizeof good - 1, pool), "'bak'");
    assert_refused(text_file(folder, "a.env", good, sizeof good - 1, pool), "'env'");
}
END_TEST

START_TEST(reads_regular_files_only)
{
    ck_assert_int_eq(mkfifo("pipe.yaml", 0600), 0);
    assert_refused("pipe.yaml", "not a regular file");
    ck_assert_int_eq(mkdir("folder.yaml", 0700), 0);
    assert_refused("folder.yaml", "not a regular file");
    ck_assert_int_eq(rmdir("folder.yaml"), 0);
}
END_TEST

START_TEST(refuses_what_is_too_large)
{
    text_file(folder, "large.yaml", good, sizeof good - 1, pool);
    ck_assert_int_eq(truncate("large.yaml", 16 * 1024 * 1024 + 1), 0);
    assert_refused("large.yaml", "larger than");
}
END_TEST

/* Without a bound, each of these would take minutes or gigabytes. */
START_TEST(a_large_file_is_read_in_time)
{
    static const char *const lines[] = {"x%d: {a: 1, b: [c, d]}\n", "database.k%d: 1\n", "# comment %d\n"};
    apr_array_header_t *text = apr_array_make(pool, 100000, sizeof(const char *));
    const char *all, *said;

    for (int i = 0; i < 60000; i++) {
        APR_ARRAY_PUSH(text, const char *) = apr_psprintf(pool, lines[_i], i);
    }
    APR_ARRAY_PUSH(text, const char *) = good;
    all = apr_array_pstrcat(pool, text, 0);
    said = refusal(text_file(folder, "long.yaml", all, strlen(all), pool));
    ck_assert_msg(_i == 1 ? said && strstr(said, "dotted keys") : !said, "%s", said ? said : "accepted");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("config file");
    TCase *tcase = unit_case(suite, "file");

    tcase_add_checked_fixture(tcase, enter, leave);
    tcase_add_test(tcase, takes_relative_and_absolute_paths);
    tcase_add_test(tcase, wants_a_path_that_exists);
    tcase_add_test(tcase, stays_below_the_working_directory);
    tcase_add_test(tcase, follows_links);
    tcase_add_test(tcase, goes_by_the_extension);
    tcase_add_test(tcase, reads_regular_files_only);
    tcase_add_test(tcase, refuses_what_is_too_large);
    tcase_add_loop_test(tcase, a_large_file_is_read_in_time, 0, 3);
    return unit_run(suite);
}
