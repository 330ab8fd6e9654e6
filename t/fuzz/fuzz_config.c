/*
 * The configuration file with its environment: lines like "# THV_REGISTRY_AUTH_MODE=oauth" at the head of the
 * file are variables as well.
 */
#include "common/config/config.h"
#include "common/util/utf8.h"
#include "t/fuzz/fuzz.h"
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_VARIABLES 8

/* The loader reads files by name, so a process has one, written anew for each input. It is in TMPDIR, because
 * libFuzzer ends without atexit(): t/fuzz/run clears the folder. */
static char path[4096];
static int descriptor = -1;

static void remove_file(void)
{
    unlink(path);
}

static void write_file(const char *text, apr_size_t len)
{
    if (descriptor < 0) {
        const char *folder = getenv("TMPDIR");

        apr_snprintf(path, sizeof path, "%s/mcpr-fuzz-XXXXXX.yaml", folder ? folder : "/tmp");
        descriptor = mkstemps(path, (int)strlen(".yaml"));
        mcpr_fuzz_require(descriptor >= 0);
        atexit(remove_file);
    }
    mcpr_fuzz_require(ftruncate(descriptor, 0) == 0);
    mcpr_fuzz_require(pwrite(descriptor, text, len, 0) == (ssize_t)len);
}

static void read_variables(const char **variables, const char *text, apr_pool_t *pool)
{
    int count = 0;

    while (count < MAX_VARIABLES && strncmp(text, "# THV_REGISTRY_", 15) == 0) {
        apr_size_t len = strcspn(text, "\n");

        variables[count++] = apr_pstrmemdup(pool, text + 2, len - 2);
        text += len + (text[len] == '\n');
    }
    variables[count] = NULL;
}

void mcpr_fuzz_config(const char *text, apr_size_t len, apr_pool_t *pool)
{
    const char *variables[MAX_VARIABLES + 1];
    mcpr_problems *problems = mcpr_problems_create(pool, 50);
    const mcpr_config *config = NULL;
    apr_status_t rv;

    write_file(text, len);
    read_variables(variables, text, pool);
    rv = mcpr_config_load(&config, path, variables, problems, pool);
    mcpr_fuzz_require((rv == APR_SUCCESS) == mcpr_problems_none(problems));
    mcpr_fuzz_require((rv == APR_SUCCESS) == !!config);
    for (int i = 0; i < problems->list->nelts; i++) {
        const mcpr_problem *problem = &APR_ARRAY_IDX(problems->list, i, mcpr_problem);

        mcpr_fuzz_require(*problem->message && !strchr(problem->message, '\n'));
        mcpr_fuzz_require(mcpr_utf8_valid(problem->message, strlen(problem->message)));
    }
    if (config) {
        mcpr_fuzz_require(config->database.port > 0 && config->database.port <= 65535);
        mcpr_fuzz_require(config->sources && config->registries && config->warnings);
    }
}
