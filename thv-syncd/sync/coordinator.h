/*
 * The daemon's loop: it keeps the configuration, the store and the sources in step until it is told to stop.
 */
#ifndef THV_SYNCD_SYNC_COORDINATOR_H
#define THV_SYNCD_SYNC_COORDINATOR_H

#include <apr_pools.h>

/**
 * Runs until SIGTERM or SIGINT. Returns the exit code: 0 after a stop, 1 when it could not start (an invalid
 * configuration, a schema that it must not use). A database that is away is waited for.
 */
int mcpr_coordinator_run(const char *config_path, const char *state_dir, apr_pool_t *pool);

#endif
