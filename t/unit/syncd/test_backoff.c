/*
 * Waiting after failures.
 */
#include "t/unit/unit.h"
#include "thv-syncd/sync/backoff.h"

#define S apr_time_from_sec(1)

START_TEST(doubles_up_to_the_most)
{
    ck_assert_int_eq(mcpr_backoff(30 * S, 3600 * S, 1, 0.5), 30 * S);
    ck_assert_int_eq(mcpr_backoff(30 * S, 3600 * S, 2, 0.5), 60 * S);
    ck_assert_int_eq(mcpr_backoff(30 * S, 3600 * S, 3, 0.5), 120 * S);
    ck_assert_int_eq(mcpr_backoff(30 * S, 3600 * S, 8, 0.5), 3600 * S);
    ck_assert_int_eq(mcpr_backoff(30 * S, 3600 * S, APR_INT64_MAX, 0.5), 3600 * S);
}
END_TEST

START_TEST(never_more_than_the_most)
{
    ck_assert_int_eq(mcpr_backoff(30 * S, 10 * S, 1, 0.5), 10 * S);
    ck_assert_int_eq(mcpr_backoff(30 * S, 10 * S, 1, 1.0), 10 * S);
    ck_assert_int_eq(mcpr_backoff(30 * S, 3600 * S, 50, 1.0), 3600 * S);
}
END_TEST

START_TEST(spreads_by_a_quarter)
{
    ck_assert_int_eq(mcpr_backoff(40 * S, 3600 * S, 1, 0.0), 30 * S);
    ck_assert_int_eq(mcpr_backoff(40 * S, 3600 * S, 1, 1.0), 50 * S);
    for (int i = 0; i < 1000; i++) {
        double chance = mcpr_chance();

        ck_assert(chance >= 0.0 && chance <= 1.0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("backoff");
    TCase *tcase = unit_case(suite, "backoff");

    tcase_add_test(tcase, doubles_up_to_the_most);
    tcase_add_test(tcase, never_more_than_the_most);
    tcase_add_test(tcase, spreads_by_a_quarter);
    return unit_run(suite);
}
