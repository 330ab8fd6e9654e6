/*
 * What several commands need.
 */
#include "thv-syncd/commands/command.h"
#include "thv-syncd/store/migrations.h"
#include <apr_strings.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROBLEMS_SHOWN 100

int mcpr_misused(const mcpr_command *command, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    fputs("thv-syncd: ", stderr);
    vfprintf(stderr, format, values);
    va_end(values);
    fprintf(stderr, "\nusage: thv-syncd %s\n", command->usage);
    return MCPR_EXIT_USAGE;
}

void mcpr_command_problems(const mcpr_problems *problems)
{
    for (int i = 0; i < problems->list->nelts; i++) {
        const mcpr_problem *one = &APR_ARRAY_IDX(problems->list, i, mcpr_problem);

        fprintf(stderr, "%s%s%s\n", one->place, *one->place ? ": " : "", one->message);
    }
    if (problems->total > problems->list->nelts) {
        fprintf(stderr, "and %d more\n", problems->total - problems->list->nelts);
    }
}

const mcpr_config *mcpr_command_config(const mcpr_options *options, apr_pool_t *pool)
{
    mcpr_problems *problems = mcpr_problems_create(pool, PROBLEMS_SHOWN);
    const mcpr_config *config;

    if (mcpr_config_load(&config, options->config, (const char *const *)environ, problems, pool) !=
        APR_SUCCESS) {
        mcpr_command_problems(problems);
        return NULL;
    }
    return config;
}

mcpr_db *mcpr_command_connect(const mcpr_config *config, mcpr_schema_use use, apr_pool_t *pool)
{
    mcpr_db *db;

    if (mcpr_db_open(&db, mcpr_schema_conninfo(&config->database, use, pool), NULL, pool) != APR_SUCCESS) {
        fprintf(stderr, "thv-syncd: connecting to the database failed: %s\n", mcpr_db_error(db));
        return NULL;
    }
    return db;
}

const char *mcpr_command_line(apr_pool_t *pool)
{
    char line[4096];

    if (!fgets(line, sizeof line, stdin)) {
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return apr_pstrdup(pool, line);
}

int mcpr_command_schema(mcpr_db *db, apr_pool_t *pool)
{
    mcpr_problems *problems = mcpr_problems_create(pool, 5);
    mcpr_migration_state state;

    if (mcpr_migrations_check(db, &state, problems, pool) != APR_SUCCESS) {
        mcpr_command_problems(problems);
        return 0;
    }
    if (state.applied == 0) {
        fputs("thv-syncd: the database has no schema yet: run `thv-syncd migrate up`, or the daemon\n",
              stderr);
        return 0;
    }
    return 1;
}
