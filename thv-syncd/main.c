/*
 * thv-syncd: the table of commands, and the reading of the command line.
 */
#include "thv-syncd/commands/command.h"
#include "thv-syncd/log.h"
#include <apr_general.h>
#include <jansson.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const mcpr_command *const commands[] = {
    &mcpr_command_run,  &mcpr_command_migrate, &mcpr_command_prime_db, &mcpr_command_validate,
    &mcpr_command_sync, &mcpr_command_status,  &mcpr_command_version,  &mcpr_command_git_child,
};

static const struct {
    const char *name;
    int takes_value;
    size_t offset;
} option_rows[] = {
    {"--config",    1, offsetof(mcpr_options, config)   },
    {"--state-dir", 1, offsetof(mcpr_options, state_dir)},
    {"--num-steps", 1, offsetof(mcpr_options, num_steps)},
    {"--yes",       0, offsetof(mcpr_options, yes)      },
    {"--dry-run",   0, offsetof(mcpr_options, dry_run)  },
    {"--json",      0, offsetof(mcpr_options, json)     },
    {"--runs",      1, offsetof(mcpr_options, runs)     },
    {"--wait",      0, offsetof(mcpr_options, wait)     },
};

static void print_help(void)
{
    puts("thv-syncd keeps the store of an MCP registry in step with its sources.\n\nusage: thv-syncd COMMAND "
         "…\n");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (*commands[i]->help) { /* one without is internal */
            printf("  %-10s %s\n", commands[i]->name, commands[i]->help);
        }
    }
    puts("\nthv-syncd COMMAND --help tells more.");
}

static const mcpr_command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static int is_allowed(const mcpr_command *command, const char *option)
{
    const char *at = strstr(command->allowed, option);

    return at && at[-1] == ' ' && at[strlen(option)] == ' ';
}

/* Takes the option at argv[i], "--name value" or "--name=value". Returns how many arguments it was, 0 for
 * misuse. */
static int take_option(const mcpr_command *command, int argc, const char *const *argv, int i,
                       mcpr_options *options)
{
    size_t len = strcspn(argv[i], "=");

    for (size_t row = 0; row < sizeof option_rows / sizeof *option_rows; row++) {
        char *field = (char *)options + option_rows[row].offset;
        int has_value = argv[i][len] == '=';

        if (strlen(option_rows[row].name) != len || strncmp(argv[i], option_rows[row].name, len) != 0 ||
            !is_allowed(command, option_rows[row].name)) {
            continue;
        }
        if (!option_rows[row].takes_value) {
            *(int *)(void *)field = 1;
            return has_value ? 0 : 1;
        }
        if (!has_value && i + 1 >= argc) {
            return 0;
        }
        *(const char **)(void *)field = has_value ? argv[i] + len + 1 : argv[i + 1];
        return has_value ? 1 : 2;
    }
    return 0;
}

static int is_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int run_command(const mcpr_command *command, int argc, const char *const *argv, apr_pool_t *pool)
{
    mcpr_options options = {.words = apr_array_make(pool, 2, sizeof(const char *))};

    for (int i = 2; i < argc; i++) {
        if (is_help(argv[i])) {
            printf("usage: thv-syncd %s\n\n%s.\n\n%s", command->usage, command->help, command->more);
            return MCPR_EXIT_OK;
        }
    }
    for (int i = 2, taken; i < argc; i += taken) {
        taken = 1;
        if (argv[i][0] != '-') {
            APR_ARRAY_PUSH(options.words, const char *) = argv[i];
        } else if ((taken = take_option(command, argc, argv, i, &options)) == 0) {
            return mcpr_misused(command, "unknown option or missing value: %s", argv[i]);
        }
    }
    if (options.words->nelts < command->min_words || options.words->nelts > command->max_words) {
        return mcpr_misused(command, "%s",
                            options.words->nelts > command->max_words ? "too many words"
                                                                      : "something is missing");
    }
    if (!options.config && command->needs_config) {
        return mcpr_misused(command, "--config is missing");
    }
    return command->run(&options, pool);
}

int main(int argc, const char *const *argv)
{
    const mcpr_command *command;
    apr_pool_t *pool;
    int code;

    if (argc < 2 || is_help(argv[1])) {
        print_help();
        return MCPR_EXIT_OK;
    }
    command = find_command(argv[1]);
    if (!command) {
        fprintf(stderr, "thv-syncd: unknown command '%s'; thv-syncd --help lists them\n", argv[1]);
        return MCPR_EXIT_USAGE;
    }
    if (apr_initialize() != APR_SUCCESS || apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        return MCPR_EXIT_FAILED;
    }
    json_object_seed(0);
    mcpr_log_open();
    code = run_command(command, argc, argv, pool);
    apr_pool_destroy(pool);
    apr_terminate();
    return code;
}
