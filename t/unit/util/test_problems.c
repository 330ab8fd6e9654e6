/*
 * The list of problems: what it keeps, what it only counts, and the text it gives.
 */
#include "common/util/problems.h"
#include "common/util/utf8.h"
#include "t/unit/unit.h"
#include <apr_strings.h>
#include <string.h>

static const mcpr_problem *problem(const mcpr_problems *problems, int i)
{
    ck_assert_int_lt(i, problems->list->nelts);
    return &APR_ARRAY_IDX(problems->list, i, mcpr_problem);
}

START_TEST(begins_empty)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 3);

    ck_assert(mcpr_problems_none(problems));
    ck_assert_str_eq(mcpr_problems_text(problems, "checked", pool), "checked");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(one_problem_is_one_line)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 3);
    char place[] = "file.yaml:3";

    mcpr_problems_add(problems, place, "port is %d", 70000);
    place[0] = 'X';
    ck_assert(!mcpr_problems_none(problems));
    ck_assert_str_eq(mcpr_problems_text(problems, "refused", pool), "refused: file.yaml:3: port is 70000");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(several_are_numbered)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 3);

    mcpr_problems_add(problems, "a", "one");
    mcpr_problems_add(problems, NULL, "two");
    ck_assert_str_eq(mcpr_problems_text(problems, "refused", pool),
                     "refused with 2 errors:\n  1. a: one\n  2. two");
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(past_the_cap_they_are_counted)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 2);
    const char *text;

    for (int i = 0; i < 5; i++) {
        mcpr_problems_add(problems, "p", "number %d", i);
    }
    ck_assert_int_eq(problems->list->nelts, 2);
    ck_assert_int_eq(problems->total, 5);
    text = mcpr_problems_text(problems, "refused", pool);
    ck_assert_ptr_nonnull(strstr(text, "refused with 5 errors:"));
    ck_assert_ptr_nonnull(strstr(text, "3 more"));
    ck_assert_ptr_null(strstr(text, "number 2"));
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(a_cap_of_none_still_counts)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 0);

    mcpr_problems_add(problems, "p", "lost");
    ck_assert(!mcpr_problems_none(problems));
    ck_assert_ptr_nonnull(strstr(mcpr_problems_text(problems, "refused", pool), "1 more"));
    apr_pool_destroy(pool);
}
END_TEST

START_TEST(hostile_values_stay_one_valid_line)
{
    apr_pool_t *pool = unit_pool();
    mcpr_problems *problems = mcpr_problems_create(pool, 9);
    char *huge = apr_palloc(pool, 100001);

    memset(huge, 'x', 100000);
    huge[100000] = '\0';
    mcpr_problems_add(problems, "a\nb", "bad \xff value '%s'\n", "x\r\n2. forged");
    ck_assert_str_eq(problem(problems, 0)->place, "a b");
    ck_assert_str_eq(problem(problems, 0)->message, "bad \xef\xbf\xbd value 'x  2. forged' ");
    mcpr_problems_add(problems, huge, "%s", huge);
    ck_assert_uint_lt(strlen(problem(problems, 1)->place), 1000);
    ck_assert_uint_lt(strlen(problem(problems, 1)->message), 4000);
    mcpr_problems_add(problems, "", "cannot read https://bob:secret@example.org/r.json");
    ck_assert_ptr_null(strstr(problem(problems, 2)->message, "secret"));
    apr_pool_destroy(pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("problems");
    TCase *tcase = unit_case(suite, "problems");

    tcase_add_test(tcase, begins_empty);
    tcase_add_test(tcase, one_problem_is_one_line);
    tcase_add_test(tcase, several_are_numbered);
    tcase_add_test(tcase, past_the_cap_they_are_counted);
    tcase_add_test(tcase, a_cap_of_none_still_counts);
    tcase_add_test(tcase, hostile_values_stay_one_valid_line);
    return unit_run(suite);
}
