/*
 * The configuration that is in force, and its replacement while the daemon runs (spec README decision 20).
 */
#ifndef THV_SYNCD_SETTINGS_H
#define THV_SYNCD_SETTINGS_H

#include "common/config/config.h"
#include "common/util/problems.h"
#include <sys/stat.h>

typedef struct mcpr_settings {
    const char *path;
    const mcpr_config *config; /* never NULL once loaded; lives in config_pool */
    apr_pool_t *config_pool;
    apr_pool_t *pool;
    struct stat seen; /* the file as it was when it was last read, whatever came of it */
} mcpr_settings;

/**
 * Reads a configuration and checks that this daemon can serve all of it: a source type, or a feature of one,
 * that it does not have is a problem like any other. For `run` and for `validate`.
 */
MCPR_MUSTCHECK apr_status_t mcpr_settings_read(const mcpr_config **config, const char *path,
                                               mcpr_problems *problems, apr_pool_t *pool);

/** The first load. Problems are logged. */
MCPR_MUSTCHECK apr_status_t mcpr_settings_open(mcpr_settings *settings, const char *path, apr_pool_t *pool);

/** Non-zero when the file is another than the one last read. */
int mcpr_settings_moved(const mcpr_settings *settings);

/**
 * Reads the file again. When it is valid it is in force now and *old holds the pool of the one before, for
 * the caller to destroy when nothing uses it any more; otherwise problems are logged and the old one stays.
 */
MCPR_MUSTCHECK apr_status_t mcpr_settings_reload(mcpr_settings *settings, apr_pool_t **old);

#endif
