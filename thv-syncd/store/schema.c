/*
 * Is the schema ours? If it is older, may we do something about it?
 */
#include "thv-syncd/store/schema.h"
#include "common/config/conninfo.h"
#include "thv-syncd/log.h"
#include "thv-syncd/store/connection_int.h"
#include "thv-syncd/store/migrations.h"
#include <apr_strings.h>

#define CONNECT_SECONDS 5

const char *mcpr_schema_conninfo(const mcpr_config_database *database, mcpr_schema_use use, apr_pool_t *pool)
{
    mcpr_conninfo_role role = use == MCPR_USE_MIGRATE ? MCPR_CONNINFO_MIGRATION : MCPR_CONNINFO_APPLICATION;
    const char *text = mcpr_conninfo(database, role, MCPR_APPLICATION, CONNECT_SECONDS, NULL, pool);

    return use == MCPR_USE_LOOK ? text : apr_pstrcat(pool, text, " target_session_attrs=read-write", NULL);
}

static void log_step(void *baton, const char *direction, int version, const char *name)
{
    (void)baton;
    mcpr_log(MCPR_LOG_INFO, "Migrated", "s:s, s:i, s:s", "direction", direction, "version", version, "name",
             name);
}

static apr_status_t migrate(const mcpr_config_database *database, const mcpr_pulse *pulse,
                            mcpr_problems *problems, apr_pool_t *pool)
{
    mcpr_db *db;
    apr_status_t status =
        mcpr_db_open(&db, mcpr_schema_conninfo(database, MCPR_USE_MIGRATE, pool), pulse, pool);

    if (status != APR_SUCCESS) {
        mcpr_problems_add(problems, "", "connecting as the migrating user failed: %s", mcpr_db_error(db));
        return status;
    }
    status = mcpr_migrations_up(db, 0, log_step, NULL, problems, pool);
    mcpr_db_close(db);
    return status;
}

apr_status_t mcpr_schema_ready(mcpr_db *db, const mcpr_config_database *database, mcpr_problems *problems,
                               apr_pool_t *pool)
{
    mcpr_migration_state state;
    apr_status_t status = mcpr_migrations_check(db, &state, problems, pool);

    if (status != APR_SUCCESS || state.applied == state.known) {
        return status;
    }
    if (!database->auto_migrate) {
        mcpr_problems_add(problems, "",
                          "the schema is at version %d, this program needs %d: run `thv-syncd migrate up` "
                          "(database.autoMigrate is false)",
                          state.applied, state.known);
        return MCPR_EDB;
    }
    return migrate(database, db->pulse, problems, pool);
}
