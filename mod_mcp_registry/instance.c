/* Instances: from a server's directives and the configuration file to what a child process works with. */
#include "mod_mcp_registry/instance.h"

#include "common/config/conninfo.h"
#include "common/util/digest.h"
#include "mod_mcp_registry/module.h"
#include "mod_mcp_registry/store/watcher.h"
#include <apr_dbd.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <unistd.h>

APLOG_USE_MODULE(mcp_registry);

#define MAX_PROBLEMS    100
#define CONNECT_SECONDS 2
/* Readers wait for locks only while the schema changes. */
#define LOCK_MSEC 1000
/* What a read may take beyond its statement_timeout: connecting, and the way there and back. */
#define SLACK apr_time_from_sec(CONNECT_SECONDS + 1)
/* Whoever loads a module of another build shares the segment only if both see it alike. */
#define RETAINED_KEY "mod_mcp_registry generations " MCPR_GENERATION_LAYOUT

mcpr_settings *mcpr_settings_of(server_rec *server)
{
    return ap_get_module_config(server->module_config, &mcp_registry_module);
}

/* Features that a configuration can ask for and this module does not have. Serving without them would be
 * worse than not serving: above all, nothing that the file says is protected is ever served unprotected. */
static int has_oauth(const mcpr_config *config)
{
    return config->auth.mode == MCPR_AUTH_OAUTH;
}

static int has_audit(const mcpr_config *config)
{
    return config->audit.enabled;
}

static int has_telemetry(const mcpr_config *config)
{
    return config->telemetry.enabled;
}

static int has_dynamic_auth(const mcpr_config *config)
{
    return config->database.aws_region != NULL;
}

static const struct {
    int (*asked_for)(const mcpr_config *);
    const char *message;
} missing[] = {
    {has_oauth,
     "auth.mode: 'oauth' is not supported yet, and nothing is served without the protection that the "
     "file asks for; only 'anonymous' works"                              },
    {has_audit,        "audit.enabled: the audit log is not supported yet"},
    {has_telemetry,    "telemetry.enabled: telemetry is not supported yet"},
    {has_dynamic_auth, "database.dynamicAuth: is not supported yet"       },
};

static apr_status_t read_config(const mcpr_config **config, const char *path, server_rec *server,
                                apr_pool_t *pool)
{
    mcpr_problems *problems = mcpr_problems_create(pool, MAX_PROBLEMS);
    apr_status_t rv = mcpr_config_load(config, path, (const char *const *)environ, problems, pool);

    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_EMERG, 0, server, "MCPRegistryConfig %s: %s", path,
                     mcpr_problems_text(problems, "invalid configuration", pool));
        return APR_EINVAL;
    }
    const mcpr_problems *warnings = (*config)->warnings;
    for (int i = 0; i < warnings->list->nelts; i++) {
        const mcpr_problem *warning = &APR_ARRAY_IDX(warnings->list, i, mcpr_problem);
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, server, "MCPRegistryConfig %s: %s: %s", path,
                     warning->place, warning->message);
    }
    for (size_t i = 0; i < sizeof(missing) / sizeof(*missing); i++) {
        if (missing[i].asked_for(*config)) {
            ap_log_error(APLOG_MARK, APLOG_EMERG, 0, server, "MCPRegistryConfig %s: %s", path,
                         missing[i].message);
            rv = APR_EINVAL;
        }
    }
    return rv;
}

/* What the planner may do on these connections. They only ever run keyset reads by index, for which one
 * generic plan is right at any size of the tables; planning anew would cost more than running. */
static const char *session_options(const mcpr_settings *settings, apr_pool_t *pool)
{
    return apr_psprintf(pool,
                        "-c statement_timeout=%" APR_TIME_T_FMT
                        " -c lock_timeout=%d -c default_transaction_read_only=on"
                        " -c plan_cache_mode=force_generic_plan -c jit=off"
                        " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off"
                        " -c TimeZone=UTC -c DateStyle=ISO",
                        apr_time_as_msec(settings->statement_timeout), LOCK_MSEC);
}

/* Called by the store from any thread. */
static void complain(void *baton, const char *message)
{
    ap_log_error(APLOG_MARK, APLOG_ERR, 0, (server_rec *)baton, "%s", message);
}

static int connections(const mcpr_settings *settings, const mcpr_config *config)
{
    long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    int fallback = cpus > 4 ? (int)cpus : 4;
    return settings->pool_max                    ? (int)settings->pool_max
           : config->database.max_open_conns > 0 ? config->database.max_open_conns
                                                 : fallback;
}

static apr_status_t make(mcpr_instance **made, const mcpr_settings *settings, server_rec *server,
                         apr_pool_t *pool)
{
    mcpr_instance *instance = apr_pcalloc(pool, sizeof(*instance));
    apr_status_t rv = read_config(&instance->config, settings->config_path, server, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = mcpr_documents_make(&instance->documents, pool);
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_EMERG, rv, server, "the API's description in this module is broken");
        return rv;
    }
    const mcpr_config_database *database = &instance->config->database;

    instance->settings = settings;
    instance->server = server;
    instance->connection = (mcpr_pool_options){
        .conninfo = mcpr_conninfo(database, MCPR_CONNINFO_APPLICATION, "mod_mcp_registry", CONNECT_SECONDS,
                                  session_options(settings, pool), pool),
        .label = apr_psprintf(pool, "%s:%d/%s", database->host, database->port, database->database),
        .max = connections(settings, instance->config),
        .wait = settings->pool_wait,
        .lifetime = database->conn_max_lifetime,
        .patience = settings->statement_timeout + SLACK,
        .complain = complain,
        .baton = server,
    };
    *made = instance;
    return APR_SUCCESS;
}

/* The instance of an earlier server with the same settings. */
static mcpr_instance *find_equal(server_rec *servers, server_rec *until, const mcpr_settings *settings)
{
    for (server_rec *s = servers; s != until; s = s->next) {
        mcpr_instance *instance = mcpr_settings_of(s)->instance;
        if (instance && mcpr_settings_equal(instance->settings, settings)) {
            return instance;
        }
    }
    return NULL;
}

static apr_status_t require_driver(server_rec *server, apr_pool_t *pool)
{
    const apr_dbd_driver_t *driver;
    apr_status_t rv = apr_dbd_init(pool);
    if (rv == APR_SUCCESS) {
        rv = apr_dbd_get_driver(pool, "pgsql", &driver);
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_EMERG, rv, server,
                     "MCPRegistryConfig needs APR's PostgreSQL driver (Debian: libaprutil1-dbd-pgsql)");
    }
    return rv;
}

apr_status_t mcpr_instances_load(server_rec *servers, apr_pool_t *pconf)
{
    apr_status_t rv = APR_SUCCESS;
    for (server_rec *s = servers; s; s = s->next) {
        mcpr_settings *settings = mcpr_settings_of(s);
        settings->instance = NULL;
        if (!settings->config_path) {
            continue;
        }
        const mcpr_settings *resolved = mcpr_settings_resolve(settings, pconf);
        settings->instance = find_equal(servers, s, resolved);
        if (!settings->instance) {
            apr_status_t made = require_driver(s, pconf);
            made = made == APR_SUCCESS ? make(&settings->instance, resolved, s, pconf) : made;
            rv = made == APR_SUCCESS ? rv : made;
        }
    }
    return rv;
}

/* A slot is kept as long as the parent lives, since children of before a restart may still use it. The
 * segment is made once in the life of the parent: children of before and after a graceful restart share it.
 */
static mcpr_generation_table *retained_table(server_rec *server)
{
    mcpr_generation_table **kept = ap_retained_data_get(RETAINED_KEY);
    if (!kept) {
        mcpr_generation_table *table;
        if (mcpr_generation_table_create(&table, server->process->pool) != APR_SUCCESS) {
            return NULL;
        }
        kept = ap_retained_data_create(RETAINED_KEY, sizeof(*kept));
        *kept = table;
    }
    return *kept;
}

static void announce(const mcpr_instance *instance)
{
    ap_log_error(APLOG_MARK, APLOG_INFO, 0, instance->server,
                 "%s: reads PostgreSQL at %s, up to %d connections and %" APR_INT64_T_FMT
                 " bytes of pages in each child",
                 instance->settings->config_path, instance->connection.label, instance->connection.max,
                 instance->settings->cache_bytes);
}

void mcpr_instances_share(server_rec *servers, apr_pool_t *pconf)
{
    for (server_rec *s = servers; s; s = s->next) {
        mcpr_instance *instance = mcpr_settings_of(s)->instance;
        if (!instance || instance->server != s) {
            continue; /* none, or one that an earlier server has */
        }
        mcpr_generation_table *table = retained_table(s);
        const char *key =
            mcpr_sha256_hex(instance->connection.label, strlen(instance->connection.label), pconf);
        apr_status_t rv =
            table ? mcpr_generation_open(&instance->generation, table, key, pconf) : APR_ENOSHMAVAIL;
        if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG) {
            continue; /* at start httpd reads its configuration twice; things are said once */
        }
        if (rv != APR_SUCCESS) {
            ap_log_error(
                APLOG_MARK, APLOG_WARNING, rv, s,
                "no shared memory for the catalog's generation (there is room for %d databases until "
                "httpd is stopped and started): every answer comes from PostgreSQL, none from memory",
                MCPR_GENERATION_SLOTS);
        }
        announce(instance);
    }
}

static apr_status_t start(mcpr_instance *instance, apr_pool_t *pchild)
{
    apr_size_t cache_bytes = instance->generation ? (apr_size_t)instance->settings->cache_bytes : 0;
    mcpr_page_cache *cache = NULL;
    mcpr_pool *store;
    apr_status_t rv = mcpr_pool_create(&store, &instance->connection, pchild);

    if (rv == APR_SUCCESS && cache_bytes) {
        rv = mcpr_page_cache_create(&cache, cache_bytes, pchild);
        if (rv == APR_SUCCESS) {
            rv = mcpr_watcher_start(instance->generation, &instance->connection, pchild);
        }
    }
    if (rv == APR_SUCCESS) {
        instance->store = store;
        instance->cache = cache;
    }
    return rv;
}

void mcpr_instances_start_child(server_rec *servers, apr_pool_t *pchild)
{
    for (server_rec *s = servers; s; s = s->next) {
        mcpr_instance *instance = mcpr_settings_of(s)->instance;
        if (!instance || instance->store) {
            continue;
        }
        apr_status_t rv = start(instance, pchild);
        if (rv != APR_SUCCESS) {
            ap_log_error(APLOG_MARK, APLOG_CRIT, rv, s, "the registry can't start in this process");
        }
    }
}

void mcpr_instances_stop_child(server_rec *servers)
{
    for (server_rec *s = servers; s; s = s->next) {
        const mcpr_instance *instance = mcpr_settings_of(s)->instance;
        if (instance && instance->store) {
            mcpr_pool_stop(instance->store);
        }
    }
}

const char *mcpr_instance_missing(const mcpr_instance *instance)
{
    return !instance          ? "no MCPRegistryConfig is set for this server"
           : !instance->store ? "the registry could not start in this process, the reason was logged then"
                              : NULL;
}
