/*
 * A connection that may be used: it answers, and the schema is the one that this program knows.
 */
#ifndef THV_SYNCD_STORE_SCHEMA_H
#define THV_SYNCD_STORE_SCHEMA_H

#include "common/config/config.h"
#include "common/util/problems.h"
#include "thv-syncd/store/connection.h"

/** The name that the daemon's connections go by in pg_stat_activity. */
#define MCPR_APPLICATION "thv-syncd"

/** What a connection is for: only to look, to write, or to change the schema, as the migrating user. */
typedef enum mcpr_schema_use { MCPR_USE_LOOK, MCPR_USE_WRITE, MCPR_USE_MIGRATE } mcpr_schema_use;

/** The connection string. A server that lets nobody write is taken only to look. Holds the password: never
 * log it. */
const char *mcpr_schema_conninfo(const mcpr_config_database *database, mcpr_schema_use use, apr_pool_t *pool);

/**
 * Checks the schema over `db`, and runs what is missing over a connection of the migrating user, with the
 * same pulse, when the configuration allows it. MCPR_EDB when it can't be used: newer, of other origin, or
 * older without permission to migrate. Reasons are in `problems`.
 */
MCPR_MUSTCHECK apr_status_t mcpr_schema_ready(mcpr_db *db, const mcpr_config_database *database,
                                              mcpr_problems *problems, apr_pool_t *pool);

#endif
