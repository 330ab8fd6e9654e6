/*
 * The configuration that is in force, and its replacement while the daemon runs (spec README decision 20).
 * All calls are of one thread, the coordinator's.
 */
#ifndef THV_SYNCD_SETTINGS_H
#define THV_SYNCD_SETTINGS_H

#include "common/config/config.h"
#include "common/util/problems.h"
#include <sys/stat.h>

/**
 * A configuration that somebody uses. Workers may read it for as long as their task lasts; holding and
 * releasing is the coordinator's thread's alone, so the count needs no lock.
 */
typedef struct mcpr_snapshot {
    const mcpr_config *config;
    apr_pool_t *pool; /* of all of it, and of this */
    int users;
} mcpr_snapshot;

typedef struct mcpr_settings {
    const char *path;
    mcpr_snapshot *snapshot; /* what is in force; never NULL once loaded */
    apr_pool_t *pool;
    struct stat seen; /* the file as it was when it was last read, whatever came of it */
} mcpr_settings;

/**
 * What a valid configuration asks for that this daemon does not have: a source type, or a feature of one.
 * Each goes to `problems` with its key. `validate` warns of them, `run` refuses them.
 */
void mcpr_settings_unsupported(const mcpr_config *config, mcpr_problems *problems);

/** What is accepted and will hardly be meant, found by the daemon alone: patterns of filters that are none.
 */
void mcpr_settings_odd(const mcpr_config *config, mcpr_problems *warnings);

/** The first load. Problems are logged. */
MCPR_MUSTCHECK apr_status_t mcpr_settings_open(mcpr_settings *settings, const char *path, apr_pool_t *pool);

/** Non-zero when the file is another than the one last read. */
int mcpr_settings_moved(const mcpr_settings *settings);

/**
 * Reads the file again. When it is valid it is in force now, and the one before goes when its last user has
 * released it; otherwise problems are logged and the old one stays.
 */
MCPR_MUSTCHECK apr_status_t mcpr_settings_reload(mcpr_settings *settings);

/** The configuration in force, for as long as the caller wants it. */
mcpr_snapshot *mcpr_settings_hold(mcpr_settings *settings);

/** Gives it back. Pointers into it end with this. */
void mcpr_snapshot_release(mcpr_snapshot *snapshot);

#endif
