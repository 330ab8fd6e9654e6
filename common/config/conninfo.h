/*
 * The database block as a libpq connection string. Text only: nothing here connects.
 */
#ifndef MCPR_CONFIG_CONNINFO_H
#define MCPR_CONFIG_CONNINFO_H

#include "common/config/config.h"

typedef enum mcpr_conninfo_role { MCPR_CONNINFO_APPLICATION, MCPR_CONNINFO_MIGRATION } mcpr_conninfo_role;

/**
 * A libpq keyword/value string for `database` (host, port, dbname, user, password, sslmode), values quoted,
 * with application_name, connect_timeout (seconds) and `options` (libpq's "-c name=value …", NULL for none).
 * Text goes as UTF-8 whatever the database's encoding is; a host on the network that vanished is found out
 * within about a minute.
 * An empty password is left out, so that libpq consults its password file. In `pool`; holds the password:
 * never log it.
 */
const char *mcpr_conninfo(const mcpr_config_database *database, mcpr_conninfo_role role,
                          const char *application_name, int connect_timeout, const char *options,
                          apr_pool_t *pool);

#endif
