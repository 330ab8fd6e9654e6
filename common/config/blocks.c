/*
 * Rules between the keys of database, audit and telemetry (spec config.md 4.7, 4.9, 4.10).
 */
#include "common/config/load.h"
#include <apr_strings.h>
#include <string.h>
#include <sys/stat.h>

#define REGION "database.dynamicAuth.awsRdsIam.region"

/* The block counts when anything is in it: an empty region is an error then, not an absent one. */
static void check_dynamic_auth(const mcpr_scope *top, const mcpr_config_database *database)
{
    const mcpr_node *block = mcpr_scope_node(top, "database.dynamicAuth");

    if (mcpr_node_absent(block) && !database->aws_region) {
        return;
    }
    if (!database->aws_region) {
        mcpr_complain(top, REGION, REGION " is required with dynamicAuth");
    } else if (!mcpr_is_label(database->aws_region)) {
        mcpr_complain(top, REGION, REGION " must be the name of a region or 'detect', got '%s'",
                      database->aws_region);
    }
    if (database->password) {
        mcpr_complain(top, "database.password",
                      "database.password and database.dynamicAuth are mutually exclusive");
    }
    if (database->migration_password) {
        mcpr_complain(top, "database.migrationPassword",
                      "database.migrationPassword and database.dynamicAuth are mutually exclusive");
    }
}

void mcpr_load_database(mcpr_load *load)
{
    mcpr_scope top = mcpr_scope_top(load);
    mcpr_config_database *database = &load->config->database;

    check_dynamic_auth(&top, database);
    if (!database->migration_user) {
        database->migration_user = database->user;
    }
    if (!database->migration_password && database->user &&
        strcmp(database->migration_user, database->user) == 0) {
        database->migration_password = database->password;
    }
}

void mcpr_load_audit(mcpr_load *load)
{
    mcpr_scope top = mcpr_scope_top(load);
    const char *file = load->config->audit.log_file, *slash = file ? strrchr(file, '/') : NULL;
    const char *folder = ".";
    struct stat info;

    if (!file) {
        return;
    }
    if (slash) {
        folder = slash == file ? "/" : apr_pstrmemdup(load->pool, file, (apr_size_t)(slash - file));
    }
    if (stat(folder, &info) != 0 || !S_ISDIR(info.st_mode)) {
        mcpr_complain(&top, "audit.logFile", "audit.logFile: '%s' is not an existing directory", folder);
    }
}

void mcpr_load_telemetry(mcpr_load *load)
{
    mcpr_scope top = mcpr_scope_top(load);
    const mcpr_config_telemetry *telemetry = &load->config->telemetry;

    if (telemetry->enabled && telemetry->tracing && !(telemetry->sampling > 0 && telemetry->sampling <= 1)) {
        mcpr_complain(&top, "telemetry.tracing.sampling",
                      "telemetry.tracing.sampling must be greater than 0 and at most 1");
    }
}
