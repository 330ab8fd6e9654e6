/*
 * The pattern dialect of name filters: spec sync.md 10, row by row.
 */
#include "t/unit/unit.h"
#include "thv-syncd/sync/glob.h"
#include <apr_strings.h>
#include <apr_tables.h>
#include <string.h>

static const struct {
    const char *pattern, *text;
    int matches; /* -1: the pattern is invalid */
} rows[] = {
    {"com.a/b",    "com.a/b",   1 },
    {"com.a/b",    "com.a/B",   0 },
    {"com.a/b",    " com.a/b",  0 },
    {"*",          "",          1 },
    {"*",          "com.a/b",   1 },
    {"**",         "com.a/b",   1 },
    {"com.*",      "com.a/b",   1 },
    {"com.*/b",    "com.a/c/b", 1 },
    {"com.*/b",    "com.a/bc",  0 },
    {"a?c",        "abc",       1 },
    {"a?c",        "a/c",       1 },
    {"a?c",        "ac",        0 },
    {"a?c",
     "a\xc3\xa9"
     "c",                       1 },
    {"[abc]",      "b",         1 },
    {"[abc]",      "d",         0 },
    {"[a-z]",      "m",         1 },
    {"[a-z]",      "-",         0 },
    {"[a-a]",      "a",         1 },
    {"[z-a]",      "m",         -1},
    {"[a-z0-9]",   "a",         -1},
    {"[a-zA]",     "a",         -1},
    {"[abc-e]",    "-",         1 },
    {"[abc-e]",    "e",         1 },
    {"[abc-e]",    "d",         0 },
    {"[!a]",       "b",         1 },
    {"[!a]",       "a",         0 },
    {"[!a-z]",     "5",         1 },
    {"[!a-z]",     "k",         0 },
    {"[^a]",       "^",         1 },
    {"[^a]",       "a",         1 },
    {"[^a]",       "b",         0 },
    {"[\xc3\xa9]", "\xc3\xa9",  1 },
    {"[a\\]b]",    "]",         1 },
    {"{a,b*}",     "a",         1 },
    {"{a,b*}",     "bcd",       1 },
    {"{a,b*}",     "c",         0 },
    {"x{,y}z",     "xz",        1 },
    {"x{,y}z",     "xyz",       1 },
    {"{}",         "",          1 },
    {"{a,{b,c}d}", "cd",        1 },
    {"{a,{b,c}d}", "ad",        0 },
    {"{a,b",       "b",         1 },
    {"{[ab],c}d",  "bd",        1 },
    {"a,b",        "a,b",       1 },
    {"a}",         "a}",        1 },
    {"\\*",        "*",         1 },
    {"\\*",        "a",         0 },
    {"a\\",        "a",         -1},
    {"[",          "a",         -1},
    {"[]",         "a",         -1},
    {"[!]",        "a",         -1},
    {"[^]",        "a",         -1},
    {"[]a]",       "a",         -1},
    {"[-a]",       "a",         -1},
    {"[a-]",       "a",         -1},
    {"[a",         "a",         -1},
    {"",           "",          1 },
    {"",           "a",         0 },
};

START_TEST(dialect)
{
    apr_pool_t *pool = unit_pool();
    const char *complaint = NULL;
    mcpr_glob *glob = mcpr_glob_compile(rows[_i].pattern, &complaint, pool);

    if (rows[_i].matches < 0) {
        ck_assert_msg(glob == NULL, "'%s' should be invalid", rows[_i].pattern);
        ck_assert_ptr_nonnull(complaint);
    } else {
        ck_assert_msg(glob != NULL, "'%s' should be valid: %s", rows[_i].pattern, complaint);
        ck_assert_msg(mcpr_glob_matches(glob, rows[_i].text) == rows[_i].matches, "'%s' and '%s'",
                      rows[_i].pattern, rows[_i].text);
        ck_assert_msg(mcpr_glob_matches(glob, rows[_i].text) == rows[_i].matches, "a second time differs");
    }
    apr_pool_destroy(pool);
}
END_TEST

/* A backtracking matcher would need longer than the case's time limit. */
START_TEST(no_explosion)
{
    apr_pool_t *pool = unit_pool();
    apr_array_header_t *parts = apr_array_make(pool, 41, sizeof(const char *));
    char text[201];
    const char *pattern, *complaint;

    for (int i = 0; i < 40; i++) {
        APR_ARRAY_PUSH(parts, const char *) = "{a*,a}*";
    }
    APR_ARRAY_PUSH(parts, const char *) = "b";
    pattern = apr_array_pstrcat(pool, parts, 0);
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    ck_assert(!mcpr_glob_matches(mcpr_glob_compile(pattern, &complaint, pool), text));
    text[sizeof text - 2] = 'b';
    ck_assert(mcpr_glob_matches(mcpr_glob_compile(pattern, &complaint, pool), text));
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(too_deep)
{
    apr_pool_t *pool = unit_pool();
    const char *complaint = NULL;
    char pattern[5001];

    memset(pattern, '{', sizeof pattern - 1);
    pattern[sizeof pattern - 1] = '\0';
    ck_assert_ptr_null(mcpr_glob_compile(pattern, &complaint, pool));
    ck_assert_ptr_nonnull(complaint);
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("glob");
    TCase *tcase = unit_case(suite, "glob");

    tcase_add_loop_test(tcase, dialect, 0, sizeof rows / sizeof *rows);
    tcase_add_test(tcase, no_explosion);
    tcase_add_test(tcase, too_deep);
    return unit_run(suite);
}
