/*
 * The environment as a source of keys (spec config.md 3).
 */
#ifndef MCPR_CONFIG_ENVIRONMENT_H
#define MCPR_CONFIG_ENVIRONMENT_H

#include "common/config/keys.h"
#include <apr_hash.h>
#include <apr_pools.h>
#include <apr_tables.h>

#define MCPR_VARIABLE_PREFIX "THV_REGISTRY_"

typedef struct mcpr_environment {
    apr_hash_t *values; /* name behind the prefix → value, empty ones left out */
    apr_pool_t *pool;
} mcpr_environment;

/** The variables with our prefix out of "NAME=value" texts. */
mcpr_environment *mcpr_environment_read(const char *const *env, apr_pool_t *pool);

/** The value that sets `key`, NULL when none does; `*name` is then the full name of the variable. */
const char *mcpr_environment_get(const mcpr_environment *env, const mcpr_key *key, const char **name);

/** Forgets a variable, by its full name: it was found to be no setting. */
void mcpr_environment_drop(mcpr_environment *env, const char *name);

/** Non-zero when some variable sets a key of the top table below the block `path`. */
int mcpr_environment_sets_below(const mcpr_environment *env, const char *path);

/** The variables that are set but name a block or a list of blocks: full names, sorted. */
apr_array_header_t *mcpr_environment_blocks(const mcpr_environment *env);

/** Non-zero for tcp://…, udp://… and sctp://…, as Kubernetes injects for a service's port. */
int mcpr_environment_is_service(const char *value);

#endif
