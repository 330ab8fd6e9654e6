/*
 * The caches of git sources: a bare repository each, under the daemon's state directory.
 *
 *   STATE/git/            0700, ours
 *   STATE/git/NAME/       the cache of a source; locked (flock) by whoever works in it
 *   STATE/git/NAME/mcpr   written when the repository in it is whole: whose it is
 *
 * A cache can be thrown away at any time. It holds no more than MCPR_GIT_CACHE_MOST bytes before a fetch.
 */
#ifndef THV_SYNCD_SOURCES_GIT_CACHE_H
#define THV_SYNCD_SOURCES_GIT_CACHE_H

#include "common/util/attributes.h"
#include <apr_pools.h>
#include <apr_tables.h>

/** Beyond either a cache is emptied: what force-pushes left in it is never tidied up otherwise. */
#define MCPR_GIT_CACHE_MOST  ((apr_int64_t)2 << 30)
#define MCPR_GIT_CACHE_PACKS 200

/** The reference in a cache that holds what was fetched last: it tells the server what we have. */
#define MCPR_GIT_CACHE_REF "refs/registry/source"

/**
 * The folder of a source's cache, in `pool`; the folders above it are made. `state_dir` NULL: a folder of
 * this user among the temporary files. On failure *error says what and why.
 */
MCPR_MUSTCHECK apr_status_t mcpr_git_cache_folder(const char **folder, const char *state_dir,
                                                  const char *source, const char **error, apr_pool_t *pool);

/**
 * Makes the folder if needed, waits for its lock, and puts it in order: what a killed process left half is
 * removed, and everything when it belongs to another `repository`. *lock is a descriptor to close in the end;
 * *is_whole tells whether there is a repository.
 */
MCPR_MUSTCHECK apr_status_t mcpr_git_cache_enter(const char *folder, const char *repository, int *lock,
                                                 int *is_whole, apr_pool_t *pool);

/** Removes everything in it. */
MCPR_MUSTCHECK apr_status_t mcpr_git_cache_empty(const char *folder);

/** Says that the repository in it is whole. */
MCPR_MUSTCHECK apr_status_t mcpr_git_cache_seal(const char *folder, const char *repository, apr_pool_t *pool);

/**
 * For the daemon's start: removes the caches of all sources but `names` (const char *), and what a killed
 * process left half in those. Caches that somebody works in are left alone. Goes on after a failure; returns
 * the last one.
 */
MCPR_MUSTCHECK apr_status_t mcpr_git_cache_sweep(const char *state_dir, const apr_array_header_t *names,
                                                 apr_pool_t *pool);

#endif
