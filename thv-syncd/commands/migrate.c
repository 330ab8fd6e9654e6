/*
 * thv-syncd migrate up|down|status (spec config.md 9).
 */
#include "thv-syncd/commands/command.h"
#include "thv-syncd/store/migrations.h"
#include <apr_strings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_STEPS 1000

/* 0 for none given, -1 when it is no number in range. */
static int steps_of(const mcpr_options *options)
{
    char *end;
    long steps;

    if (!options->num_steps) {
        return 0;
    }
    steps = strtol(options->num_steps, &end, 10);
    return *end || end == options->num_steps || steps < 1 || steps > MOST_STEPS ? -1 : (int)steps;
}

static void say(void *baton, const char *direction, int version, const char *name)
{
    (void)baton;
    printf("%s %04d %s\n", direction, version, name);
}

static int finish(apr_status_t status, const mcpr_problems *problems)
{
    if (status != APR_SUCCESS) {
        mcpr_command_problems(problems);
        return MCPR_EXIT_FAILED;
    }
    return MCPR_EXIT_OK;
}

static int up(const mcpr_options *options, mcpr_db *db, mcpr_problems *problems, apr_pool_t *pool)
{
    if (!options->yes) {
        const char *answer;

        printf("This changes the schema of the database.\nContinue? (yes/no): ");
        fflush(stdout);
        answer = mcpr_command_line(pool);
        if (!answer) {
            fprintf(stderr, "thv-syncd: no answer; say --yes where nobody can be asked\n");
            return MCPR_EXIT_FAILED;
        }
        if (strcmp(answer, "yes") != 0 && strcmp(answer, "y") != 0) {
            puts("Cancelled.");
            return MCPR_EXIT_OK;
        }
    }
    if (finish(mcpr_migrations_up(db, steps_of(options), say, NULL, problems, pool), problems) !=
        MCPR_EXIT_OK) {
        return MCPR_EXIT_FAILED;
    }
    puts("The schema is up to date.");
    return MCPR_EXIT_OK;
}

static int down(const mcpr_options *options, mcpr_db *db, mcpr_problems *problems, apr_pool_t *pool)
{
    int steps = steps_of(options);

    if (!options->yes) {
        const char *answer;

        printf("This undoes %d migration%s and loses the data in what they made.\nContinue? (yes/no): ",
               steps, steps == 1 ? "" : "s");
        fflush(stdout);
        answer = mcpr_command_line(pool);
        if (!answer || strcmp(answer, "yes") != 0) {
            puts("Cancelled.");
            return MCPR_EXIT_OK;
        }
    }
    return finish(mcpr_migrations_down(db, steps, say, NULL, problems, pool), problems);
}

static int show(const mcpr_options *options, mcpr_db *db, mcpr_problems *problems, apr_pool_t *pool)
{
    mcpr_migration_state state;
    apr_status_t status = mcpr_migrations_check(db, &state, problems, pool);

    (void)options;
    if (status == APR_SUCCESS) {
        printf("database: version %d\nprogram:  version %d\n", state.applied, state.known);
        puts(state.applied == state.known ? "The schema is up to date." : "Run `thv-syncd migrate up`.");
    }
    return finish(status, problems);
}

static const struct {
    const char *word;
    int (*run)(const mcpr_options *, mcpr_db *, mcpr_problems *, apr_pool_t *);
    int needs_steps;
} directions[] = {
    {"up",     up,   0},
    {"down",   down, 1},
    {"status", show, 0},
};

static int run(const mcpr_options *options, apr_pool_t *pool)
{
    const char *word = APR_ARRAY_IDX(options->words, 0, const char *);

    for (apr_size_t i = 0; i < sizeof directions / sizeof *directions; i++) {
        const mcpr_config *config;
        mcpr_db *db;

        if (strcmp(word, directions[i].word) != 0) {
            continue;
        }
        if (steps_of(options) < 0 || (directions[i].needs_steps && steps_of(options) == 0)) {
            return mcpr_misused(&mcpr_command_migrate, "--num-steps must be a number from 1 to %d",
                                MOST_STEPS);
        }
        config = mcpr_command_config(options, pool);
        db = config ? mcpr_command_connect(config, MCPR_USE_MIGRATE, pool) : NULL;
        return db ? directions[i].run(options, db, mcpr_problems_create(pool, 10), pool) : MCPR_EXIT_FAILED;
    }
    return mcpr_misused(&mcpr_command_migrate, "up, down or status expected, not '%s'", word);
}

const mcpr_command mcpr_command_migrate = {
    .name = "migrate",
    .help = "Bring the schema of the database up, or take it down",
    .usage = "migrate up|down|status --config FILE [--yes] [--num-steps N]",
    .more = "  --config FILE     the configuration; database.migrationUser connects\n"
            "  --yes             don't ask\n"
            "  --num-steps N     up: at most so many; down: exactly so many, required\n",
    .allowed = " --config --yes --num-steps ",
    .needs_config = 1,
    .min_words = 1,
    .max_words = 1,
    .run = run,
};
