/*
 * Sources that wait because the store does not know of their failure.
 */
#include "t/unit/unit.h"
#include "thv-syncd/sync/delays.h"

#define SEC apr_time_from_sec(1)

static apr_pool_t *pool;

static void setup(void)
{
    pool = unit_pool();
}

static void teardown(void)
{
    apr_pool_destroy(pool);
}

START_TEST(waits_longer_each_time)
{
    mcpr_delays *delays = mcpr_delays_create(pool);

    ck_assert(!mcpr_delays_hold(delays, 1, 0));
    mcpr_delays_add(delays, 1, 3600 * SEC, 1000 * SEC);
    ck_assert(mcpr_delays_hold(delays, 1, 1022 * SEC));
    ck_assert(!mcpr_delays_hold(delays, 1, 1038 * SEC));
    ck_assert(!mcpr_delays_hold(delays, 2, 1000 * SEC));
    mcpr_delays_add(delays, 1, 3600 * SEC, 1040 * SEC);
    ck_assert(mcpr_delays_hold(delays, 1, 1084 * SEC));
    ck_assert(!mcpr_delays_hold(delays, 1, 1116 * SEC));
}
END_TEST

START_TEST(never_longer_than_the_interval)
{
    mcpr_delays *delays = mcpr_delays_create(pool);

    for (int i = 0; i < 50; i++) {
        mcpr_delays_add(delays, 1, 10 * SEC, 0);
        mcpr_delays_add(delays, 2, 0, 0);
    }
    ck_assert(!mcpr_delays_hold(delays, 1, 10 * SEC));
    ck_assert(mcpr_delays_hold(delays, 2, 1800 * SEC));
    ck_assert(!mcpr_delays_hold(delays, 2, 3600 * SEC));
}
END_TEST

START_TEST(forgets)
{
    mcpr_delays *delays = mcpr_delays_create(pool);

    for (apr_int64_t id = 1; id <= 3; id++) {
        mcpr_delays_add(delays, id, 3600 * SEC, 0);
    }
    mcpr_delays_forget(delays, 1);
    mcpr_delays_forget(delays, 4);
    ck_assert(!mcpr_delays_hold(delays, 1, 0));
    ck_assert(mcpr_delays_hold(delays, 2, 0) && mcpr_delays_hold(delays, 3, 0));
    mcpr_delays_forget_all(delays);
    ck_assert(!mcpr_delays_hold(delays, 2, 0) && !mcpr_delays_hold(delays, 3, 0));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("delays");
    TCase *tcase = unit_case(suite, "delays");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, waits_longer_each_time);
    tcase_add_test(tcase, never_longer_than_the_interval);
    tcase_add_test(tcase, forgets);
    return unit_run(suite);
}
