/*
 * The commands: one file each, one row each in main.c. Exit codes: 0, 1 refused or failed, 2 misused.
 */
#ifndef THV_SYNCD_COMMANDS_COMMAND_H
#define THV_SYNCD_COMMANDS_COMMAND_H

#include "common/config/config.h"
#include "thv-syncd/store/schema.h"
#include <apr_pools.h>
#include <apr_tables.h>

#define MCPR_EXIT_OK     0
#define MCPR_EXIT_FAILED 1
#define MCPR_EXIT_USAGE  2

/** What was said on the command line. */
typedef struct mcpr_options {
    const char *config, *state_dir, *num_steps, *runs;
    int yes, dry_run, json, wait;
    apr_array_header_t *words; /* of const char *: all that is no option */
} mcpr_options;

typedef struct mcpr_command {
    const char *name;
    const char *help;    /* one line; empty: internal, not listed */
    const char *usage;   /* what follows "thv-syncd " */
    const char *more;    /* the options and what there is to know, lines */
    const char *allowed; /* the options it takes: " --config --json " */
    int needs_config;
    int min_words, max_words;
    int (*run)(const mcpr_options *options, apr_pool_t *pool);
} mcpr_command;

extern const mcpr_command mcpr_command_run, mcpr_command_migrate, mcpr_command_prime_db,
    mcpr_command_validate, mcpr_command_sync, mcpr_command_status, mcpr_command_version,
    mcpr_command_git_child;

/** Complains on standard error about the use of a command. Returns the exit code. */
int mcpr_misused(const mcpr_command *command, const char *format, ...) MCPR_PRINTF(2, 3);

/** Loads the configuration; lists what is wrong on standard error. NULL then. */
const mcpr_config *mcpr_command_config(const mcpr_options *options, apr_pool_t *pool);

/** Connects; says on standard error why not. NULL then. */
mcpr_db *mcpr_command_connect(const mcpr_config *config, mcpr_schema_use use, apr_pool_t *pool);

/** Non-zero when the database has a schema; says on standard error why not. */
int mcpr_command_schema(mcpr_db *db, apr_pool_t *pool);

/** Prints a list of problems to standard error, one a line, with their places. */
void mcpr_command_problems(const mcpr_problems *problems);

/** One line of standard input without its end; NULL at the end of input. */
const char *mcpr_command_line(apr_pool_t *pool);

#endif
