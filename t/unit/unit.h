/*
 * What every Check program of this folder shares: APR around the run, a pool for each test, the exit status.
 */
#ifndef MCPR_UNIT_H
#define MCPR_UNIT_H

#include <apr_general.h>
#include <apr_pools.h>
#include <check.h>
#include <stdlib.h>

/**
 * Runs `suite` and ends APR: the value for main() to return. CK_FORK, CK_VERBOSITY and CK_RUN_CASE are
 * heeded. Without CK_FORK nothing forks, so that sanitizers and valgrind see every leak; a crash then ends
 * the program.
 */
static inline int unit_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    int failed;

    if (apr_initialize() != APR_SUCCESS) {
        return EXIT_FAILURE;
    }
    srunner_set_fork_status(runner, getenv("CK_FORK") ? CK_FORK_GETENV : CK_NOFORK);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    apr_terminate();
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/** A new case of `suite` with up to a minute per test. */
static inline TCase *unit_case(Suite *suite, const char *name)
{
    TCase *tcase = tcase_create(name);

    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return tcase;
}

/** A root pool for one test; the test destroys it. */
static inline apr_pool_t *unit_pool(void)
{
    apr_pool_t *pool = NULL;

    ck_assert_int_eq(apr_pool_create(&pool, NULL), APR_SUCCESS);
    return pool;
}

#endif
