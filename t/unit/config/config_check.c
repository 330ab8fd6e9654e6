/*
 * Checks one configuration file, as a program: prints every problem or warning; exits 1 when it is refused.
 */
#include "common/config/config.h"
#include <apr_general.h>
#include <stdio.h>
#include <stdlib.h>

extern char **environ;

int main(int argc, char **argv)
{
    const mcpr_config *config;
    mcpr_problems *problems;
    apr_pool_t *pool;
    int refused;

    if (argc != 2) {
        fprintf(stderr, "usage: config_check FILE\n");
        return 2;
    }
    if (apr_initialize() != APR_SUCCESS || apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        return 2;
    }
    problems = mcpr_problems_create(pool, 100);
    refused = mcpr_config_load(&config, argv[1], (const char *const *)environ, problems, pool) != APR_SUCCESS;
    if (refused) {
        fprintf(stderr, "%s\n", mcpr_problems_text(problems, "invalid configuration", pool));
    } else if (!mcpr_problems_none(config->warnings)) {
        printf("%s\n", mcpr_problems_text(config->warnings, "warning", pool));
    }
    apr_terminate();
    return refused;
}
