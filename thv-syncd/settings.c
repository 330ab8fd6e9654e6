/*
 * Loading and replacing the configuration.
 */
#include "thv-syncd/settings.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sources/source.h"
#include <apr_strings.h>
#include <string.h>
#include <unistd.h>

#define PROBLEMS_SHOWN 100

apr_status_t mcpr_settings_read(const mcpr_config **config, const char *path, mcpr_problems *problems,
                                apr_pool_t *pool)
{
    apr_status_t status = mcpr_config_load(config, path, (const char *const *)environ, problems, pool);

    if (status != APR_SUCCESS) {
        return status;
    }
    for (int i = 0; i < (*config)->sources->nelts; i++) {
        const char *complaint =
            mcpr_source_complaint(&APR_ARRAY_IDX((*config)->sources, i, mcpr_config_source), pool);

        if (complaint) {
            mcpr_problems_add(problems, path, "%s", complaint);
        }
    }
    return mcpr_problems_none(problems) ? APR_SUCCESS : APR_EINVAL;
}

static void log_list(mcpr_log_level level, const char *msg, const mcpr_problems *list)
{
    for (int i = 0; i < list->list->nelts; i++) {
        const mcpr_problem *one = &APR_ARRAY_IDX(list->list, i, mcpr_problem);

        mcpr_log(level, msg, "s:s, s:s", "place", one->place, "problem", one->message);
    }
}

static apr_status_t load(mcpr_settings *settings, apr_pool_t *pool, const mcpr_config **config)
{
    mcpr_problems *problems = mcpr_problems_create(pool, PROBLEMS_SHOWN);
    apr_status_t status;

    if (stat(settings->path, &settings->seen) != 0) {
        memset(&settings->seen, 0, sizeof settings->seen);
    }
    status = mcpr_settings_read(config, settings->path, problems, pool);
    log_list(MCPR_LOG_ERROR, "Configuration is invalid", problems);
    if (status == APR_SUCCESS) {
        log_list(MCPR_LOG_WARN, "Configuration is odd", (*config)->warnings);
    }
    return status;
}

apr_status_t mcpr_settings_open(mcpr_settings *settings, const char *path, apr_pool_t *pool)
{
    *settings = (mcpr_settings){.path = apr_pstrdup(pool, path), .pool = pool};
    apr_pool_create(&settings->config_pool, pool);
    return load(settings, settings->config_pool, &settings->config);
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

apr_status_t mcpr_settings_reload(mcpr_settings *settings, apr_pool_t **old)
{
    const mcpr_config *config;
    apr_pool_t *pool;
    apr_status_t status;

    apr_pool_create(&pool, settings->pool);
    status = load(settings, pool, &config);
    if (status != APR_SUCCESS) {
        mcpr_log(MCPR_LOG_ERROR, "The configuration in force stays", "s:s", "file", settings->path);
        apr_pool_destroy(pool);
        return status;
    }
    *old = settings->config_pool;
    settings->config_pool = pool;
    settings->config = config;
    mcpr_log(MCPR_LOG_INFO, "Configuration was read again", "s:s", "file", settings->path);
    return APR_SUCCESS;
}
