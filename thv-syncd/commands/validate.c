/*
 * thv-syncd validate: a registry document of either format, or a configuration.
 */
#include "common/model/feed.h"
#include "thv-syncd/commands/command.h"
#include "thv-syncd/settings.h"
#include "thv-syncd/sources/source.h"
#include "thv-syncd/sync/diff.h"
#include <stdio.h>
#include <unistd.h>

#define PROBLEMS_SHOWN 1000
/* The defaults of limits.* and database.maxMetaSize: there is no configuration here. */
#define DOCUMENT_BYTES 104857600
#define ENTRIES        100000
#define META_BYTES     262144

static void warn(const mcpr_problems *warnings)
{
    if (!mcpr_problems_none(warnings)) {
        fputs("Accepted, but odd:\n", stderr);
        mcpr_command_problems(warnings);
    }
}

static int validate_config(const char *path, apr_pool_t *pool)
{
    mcpr_problems *problems = mcpr_problems_create(pool, PROBLEMS_SHOWN);
    const mcpr_config *config;

    if (mcpr_config_load(&config, path, (const char *const *)environ, problems, pool) != APR_SUCCESS) {
        mcpr_command_problems(problems);
        return MCPR_EXIT_FAILED;
    }
    mcpr_settings_unsupported(config, config->warnings);
    mcpr_settings_odd(config, config->warnings);
    warn(config->warnings);
    printf("%s is valid: %d sources, %d registries.\n", path, config->sources->nelts,
           config->registries->nelts);
    return MCPR_EXIT_OK;
}

/* Through the same diff as a sync, for the duplicates. */
static apr_status_t read_feed(const mcpr_document *document, mcpr_diff **diff, mcpr_problems *problems,
                              mcpr_problems *warnings, apr_pool_t *pool)
{
    mcpr_feed_options options = {.max_meta_size = META_BYTES, .max_entries = ENTRIES};
    apr_status_t status;

    *diff = mcpr_diff_create(1, pool);
    status = mcpr_feed_read(document->data, document->len, &options, mcpr_diff_take, *diff, problems,
                            warnings, pool);
    if (status == APR_EEXIST) {
        mcpr_problems_add(problems, "", "%s", (*diff)->duplicate);
    }
    return status;
}

static int validate_document(const char *path, apr_pool_t *pool)
{
    mcpr_config_source file = {.name = "", .type = MCPR_SOURCE_FILE, .file = {.path = path}};
    mcpr_source_limits limits = {.document_bytes = DOCUMENT_BYTES, .entries = ENTRIES};
    mcpr_problems *problems = mcpr_problems_create(pool, PROBLEMS_SHOWN);
    mcpr_problems *warnings = mcpr_problems_create(pool, PROBLEMS_SHOWN);
    const char *error = "unknown";
    mcpr_document document;
    mcpr_source *source;
    mcpr_diff *diff;
    apr_status_t status = mcpr_source_open(&source, &file, &limits, NULL, &error, pool);

    status = status == APR_SUCCESS ? mcpr_source_fetch(source, &document, &error, pool) : status;
    if (status != APR_SUCCESS) {
        fprintf(stderr, "%s\n", error);
        return MCPR_EXIT_FAILED;
    }
    status = read_feed(&document, &diff, problems, warnings, pool);
    if (status != APR_SUCCESS) {
        fprintf(stderr, "%s is not valid (read as format %s):\n", path,
                mcpr_feed_format_name(document.data, document.len, pool));
        mcpr_command_problems(problems);
        return MCPR_EXIT_FAILED;
    }
    warn(warnings);
    printf("%s is valid (format %s): %" APR_INT64_T_FMT " servers, %" APR_INT64_T_FMT
           " skills, %" APR_INT64_T_FMT " plugins.\n",
           path, mcpr_feed_format_name(document.data, document.len, pool), diff->counts[MCPR_KIND_SERVER],
           diff->counts[MCPR_KIND_SKILL], diff->counts[MCPR_KIND_PLUGIN]);
    return MCPR_EXIT_OK;
}

static int run(const mcpr_options *options, apr_pool_t *pool)
{
    if ((options->words->nelts == 1) == (options->config != NULL)) {
        return mcpr_misused(&mcpr_command_validate, "either a FILE or --config FILE expected");
    }
    return options->config ? validate_config(options->config, pool)
                           : validate_document(APR_ARRAY_IDX(options->words, 0, const char *), pool);
}

const mcpr_command mcpr_command_validate = {
    .name = "validate",
    .help = "Check a registry file, or a configuration",
    .usage = "validate FILE | validate --config FILE",
    .more = "  FILE              a registry document, of the upstream or of the ToolHive format\n"
            "  --config FILE     a configuration; what this daemon cannot serve is a warning here, `run` "
            "refuses it\n"
            "\n"
            "Every problem is listed with its place.\n",
    .allowed = " --config ",
    .max_words = 1,
    .run = run,
};
