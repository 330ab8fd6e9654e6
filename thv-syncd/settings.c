/*
 * Loading and replacing the configuration.
 */
#include "thv-syncd/settings.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sources/source.h"
#include "thv-syncd/sync/filter.h"
#include <apr_strings.h>
#include <string.h>
#include <unistd.h>

#define PROBLEMS_SHOWN 100

static int has_telemetry(const mcpr_config *config)
{
    return config->telemetry.enabled;
}

static int has_dynamic_auth(const mcpr_config *config)
{
    return config->database.aws_region != NULL;
}

/* Features of no source that a configuration can ask for and this daemon does not have. */
static const struct {
    int (*asked_for)(const mcpr_config *);
    const char *message;
} missing[] = {
    {has_telemetry,    "telemetry is not supported yet (key telemetry.enabled)"            },
    {has_dynamic_auth, "AWS authentication is not supported yet (key database.dynamicAuth)"},
};

void mcpr_settings_unsupported(const mcpr_config *config, mcpr_problems *problems)
{
    apr_pool_t *scratch;

    for (unsigned i = 0; i < sizeof missing / sizeof *missing; i++) {
        if (missing[i].asked_for(config)) {
            mcpr_problems_add(problems, config->path, "%s", missing[i].message);
        }
    }
    apr_pool_create(&scratch, NULL);
    for (int i = 0; i < config->sources->nelts; i++) {
        const char *complaint =
            mcpr_source_complaint(&APR_ARRAY_IDX(config->sources, i, mcpr_config_source), scratch);

        if (complaint) {
            mcpr_problems_add(problems, config->path, "%s", complaint);
        }
    }
    apr_pool_destroy(scratch);
}

void mcpr_settings_odd(const mcpr_config *config, mcpr_problems *warnings)
{
    apr_pool_t *scratch;

    apr_pool_create(&scratch, NULL);
    for (int i = 0; i < config->sources->nelts; i++) {
        const mcpr_config_source *source = &APR_ARRAY_IDX(config->sources, i, mcpr_config_source);

        if (mcpr_source_syncable(source)) {
            mcpr_filter_check(&source->filter, apr_psprintf(scratch, "%s: sources[%d].", config->path, i),
                              apr_psprintf(scratch, "source '%s': ", source->name), warnings);
        }
    }
    apr_pool_destroy(scratch);
}

static void log_list(mcpr_log_level level, const char *msg, const mcpr_problems *list)
{
    for (int i = 0; i < list->list->nelts; i++) {
        const mcpr_problem *one = &APR_ARRAY_IDX(list->list, i, mcpr_problem);

        mcpr_log(level, msg, "s:s, s:s", "place", one->place, "problem", one->message);
    }
}

static apr_status_t load(mcpr_settings *settings, mcpr_snapshot **loaded)
{
    mcpr_problems *problems;
    mcpr_snapshot *snapshot;
    apr_status_t status;
    apr_pool_t *pool;

    if (stat(settings->path, &settings->seen) != 0) {
        memset(&settings->seen, 0, sizeof settings->seen);
    }
    apr_pool_create(&pool, settings->pool);
    problems = mcpr_problems_create(pool, PROBLEMS_SHOWN);
    snapshot = apr_pcalloc(pool, sizeof *snapshot);
    *snapshot = (mcpr_snapshot){.pool = pool, .users = 1};
    status =
        mcpr_config_load(&snapshot->config, settings->path, (const char *const *)environ, problems, pool);
    if (status == APR_SUCCESS) {
        mcpr_settings_unsupported(snapshot->config, problems);
        mcpr_settings_odd(snapshot->config, snapshot->config->warnings);
        status = mcpr_problems_none(problems) ? APR_SUCCESS : APR_EINVAL;
    }
    log_list(MCPR_LOG_ERROR, "Configuration is invalid", problems);
    if (status != APR_SUCCESS) {
        apr_pool_destroy(pool);
        return status;
    }
    log_list(MCPR_LOG_WARN, "Configuration is odd", snapshot->config->warnings);
    *loaded = snapshot;
    return APR_SUCCESS;
}

apr_status_t mcpr_settings_open(mcpr_settings *settings, const char *path, apr_pool_t *pool)
{
    *settings = (mcpr_settings){.path = apr_pstrdup(pool, path), .pool = pool};
    return load(settings, &settings->snapshot);
}

mcpr_snapshot *mcpr_settings_hold(mcpr_settings *settings)
{
    settings->snapshot->users++;
    return settings->snapshot;
}

void mcpr_snapshot_release(mcpr_snapshot *snapshot)
{
    if (--snapshot->users == 0) {
        apr_pool_destroy(snapshot->pool);
    }
}

int mcpr_settings_moved(const mcpr_settings *settings)
{
    const struct stat *seen = &settings->seen;
    struct stat now;

    /* A file that is away for a moment is being replaced. */
    return stat(settings->path, &now) == 0 &&
           (now.st_mtim.tv_sec != seen->st_mtim.tv_sec || now.st_mtim.tv_nsec != seen->st_mtim.tv_nsec ||
            now.st_size != seen->st_size || now.st_ino != seen->st_ino || now.st_dev != seen->st_dev);
}

apr_status_t mcpr_settings_reload(mcpr_settings *settings)
{
    mcpr_snapshot *fresh = NULL;
    apr_status_t status = load(settings, &fresh);

    if (status != APR_SUCCESS) {
        mcpr_log(MCPR_LOG_ERROR, "The configuration in force stays", "s:s", "file", settings->path);
        return status;
    }
    mcpr_snapshot_release(settings->snapshot);
    settings->snapshot = fresh;
    mcpr_log(MCPR_LOG_INFO, "Configuration was read again", "s:s", "file", settings->path);
    return APR_SUCCESS;
}
