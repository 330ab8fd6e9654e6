/*
 * The table of keys (spec config.md 4, README "Names of ours"). Rows stand in the order in which they are
 * reported.
 */
#include "common/config/keys.h"
#include "common/config/config.h"

#define TOP(field)      offsetof(mcpr_config, field)
#define SOURCE(field)   offsetof(mcpr_config_source, field)
#define REGISTRY(field) offsetof(mcpr_config_registry, field)
#define PROVIDER(field) offsetof(mcpr_config_provider, field)

#define GIT        MCPR_OF(MCPR_SOURCE_GIT)
#define API        MCPR_OF(MCPR_SOURCE_API)
#define FILE_      MCPR_OF(MCPR_SOURCE_FILE)
#define KUBERNETES MCPR_OF(MCPR_SOURCE_KUBERNETES)

const mcpr_word mcpr_source_types[] = {
    {"git",        MCPR_SOURCE_GIT       },
    {"api",        MCPR_SOURCE_API       },
    {"file",       MCPR_SOURCE_FILE      },
    {"managed",    MCPR_SOURCE_MANAGED   },
    {"kubernetes", MCPR_SOURCE_KUBERNETES},
    {NULL,         0                     },
};

static const mcpr_word formats[] = {
    {"toolhive", MCPR_FORMAT_TOOLHIVE},
    {"upstream", MCPR_FORMAT_UPSTREAM},
    {"",         MCPR_FORMAT_AUTO    },
    {NULL,       0                   }
};
static const mcpr_word auth_modes[] = {
    {"anonymous", MCPR_AUTH_ANONYMOUS},
    {"oauth",     MCPR_AUTH_OAUTH    },
    {NULL,        0                  }
};
static const mcpr_word ssl_modes[] = {
    {"disable",     0},
    {"require",     0},
    {"verify-ca",   0},
    {"verify-full", 0},
    {NULL,          0}
};

/* Rows are laid out by hand, to be read as a list. */
/* clang-format off */
const mcpr_key mcpr_keys_top[] = {
    {.path = "database.host", .kind = MCPR_KIND_STRING, .offset = TOP(database.host), .required = 1},
    {.path = "database.port", .kind = MCPR_KIND_INT, .offset = TOP(database.port), .low = 1, .high = 65535,
     .absent = MCPR_ABSENT_ZERO, .required = 1},
    {.path = "database.user", .kind = MCPR_KIND_STRING, .offset = TOP(database.user), .required = 1},
    {.path = "database.database", .kind = MCPR_KIND_STRING, .offset = TOP(database.database), .required = 1},
    {.path = "database.password", .kind = MCPR_KIND_STRING, .offset = TOP(database.password)},
    {.path = "database.migrationUser", .kind = MCPR_KIND_STRING, .offset = TOP(database.migration_user)},
    {.path = "database.migrationPassword", .kind = MCPR_KIND_STRING,
     .offset = TOP(database.migration_password)},
    {.path = "database.sslMode", .kind = MCPR_KIND_STRING, .offset = TOP(database.ssl_mode),
     .fallback = "require", .words = ssl_modes},
    {.path = "database.maxOpenConns", .kind = MCPR_KIND_INT, .offset = TOP(database.max_open_conns),
     .low = 1, .high = 10000, .absent = MCPR_ABSENT_NOT_POSITIVE},
    {.path = "database.maxIdleConns", .kind = MCPR_KIND_INT, .offset = TOP(database.max_idle_conns),
     .absent = MCPR_ABSENT_NOT_POSITIVE},
    {.path = "database.connMaxLifetime", .kind = MCPR_KIND_DURATION,
     .offset = TOP(database.conn_max_lifetime), .fallback = "1h", .absent = MCPR_ABSENT_NOT_POSITIVE},
    {.path = "database.maxMetaSize", .kind = MCPR_KIND_INT64, .offset = TOP(database.max_meta_size),
     .fallback = "262144", .low = 1, .high = APR_INT64_MAX},
    {.path = "database.autoMigrate", .kind = MCPR_KIND_BOOL, .offset = TOP(database.auto_migrate),
     .fallback = "true"},
    {.path = "database.dynamicAuth.awsRdsIam.region", .kind = MCPR_KIND_STRING,
     .offset = TOP(database.aws_region)},

    {.path = "audit.enabled", .kind = MCPR_KIND_BOOL, .offset = TOP(audit.enabled)},
    {.path = "audit.logFile", .kind = MCPR_KIND_STRING, .offset = TOP(audit.log_file)},
    {.path = "audit.eventTypes", .kind = MCPR_KIND_LIST, .offset = TOP(audit.event_types)},
    {.path = "audit.excludeEventTypes", .kind = MCPR_KIND_LIST, .offset = TOP(audit.exclude_event_types)},
    {.path = "audit.includeRequestData", .kind = MCPR_KIND_BOOL, .offset = TOP(audit.include_request_data)},
    {.path = "audit.maxDataSize", .kind = MCPR_KIND_INT, .offset = TOP(audit.max_data_size),
     .fallback = "1024", .low = 0, .high = 1048576, .absent = MCPR_ABSENT_ZERO},
    {.path = "audit.required", .kind = MCPR_KIND_BOOL, .offset = TOP(audit.required)},

    {.path = "auth.mode", .kind = MCPR_KIND_CHOICE, .offset = TOP(auth.mode), .fallback = "oauth",
     .words = auth_modes},
    {.path = "auth.publicPaths", .kind = MCPR_KIND_LIST, .offset = TOP(auth.public_paths)},
    {.path = "auth.oauth.resourceUrl", .kind = MCPR_KIND_STRING, .offset = TOP(auth.resource_url)},
    {.path = "auth.oauth.realm", .kind = MCPR_KIND_STRING, .offset = TOP(auth.realm),
     .fallback = "mcp-registry"},

    {.path = "telemetry.enabled", .kind = MCPR_KIND_BOOL, .offset = TOP(telemetry.enabled)},
    {.path = "telemetry.serviceName", .kind = MCPR_KIND_STRING, .offset = TOP(telemetry.service_name),
     .fallback = "thv-registry-api"},
    {.path = "telemetry.serviceVersion", .kind = MCPR_KIND_STRING, .offset = TOP(telemetry.service_version),
     .fallback = "unknown"},
    {.path = "telemetry.endpoint", .kind = MCPR_KIND_STRING, .offset = TOP(telemetry.endpoint),
     .fallback = "localhost:4318"},
    {.path = "telemetry.insecure", .kind = MCPR_KIND_BOOL, .offset = TOP(telemetry.insecure)},
    {.path = "telemetry.tracing.enabled", .kind = MCPR_KIND_BOOL, .offset = TOP(telemetry.tracing)},
    {.path = "telemetry.tracing.sampling", .kind = MCPR_KIND_FLOAT, .offset = TOP(telemetry.sampling),
     .fallback = "0.05"},
    {.path = "telemetry.metrics.enabled", .kind = MCPR_KIND_BOOL, .offset = TOP(telemetry.metrics)},

    {.path = "sync.pollInterval", .kind = MCPR_KIND_DURATION, .offset = TOP(sync.poll_interval),
     .fallback = "5s", .low = 1, .high = APR_INT64_MAX},
    {.path = "sync.workers", .kind = MCPR_KIND_INT, .offset = TOP(sync.workers), .fallback = "4", .low = 1,
     .high = 256},
    {.path = "sync.deadline", .kind = MCPR_KIND_DURATION, .offset = TOP(sync.deadline), .fallback = "10m",
     .low = 1, .high = APR_INT64_MAX},
    {.path = "sync.tombstoneAge", .kind = MCPR_KIND_DURATION, .offset = TOP(sync.tombstone_age),
     .fallback = "720h", .low = 0, .high = APR_INT64_MAX},
    {.path = "limits.documentBytes", .kind = MCPR_KIND_INT64, .offset = TOP(limits.document_bytes),
     .fallback = "104857600", .low = 1, .high = APR_INT64_MAX},
    {.path = "limits.entries", .kind = MCPR_KIND_INT64, .offset = TOP(limits.entries), .fallback = "100000",
     .low = 1, .high = APR_INT64_MAX},
    {.path = "limits.pages", .kind = MCPR_KIND_INT64, .offset = TOP(limits.pages), .fallback = "1000",
     .low = 1, .high = APR_INT64_MAX},
    {.path = "api.cors.enabled", .kind = MCPR_KIND_BOOL, .offset = TOP(api.cors_enabled), .fallback = "true"},
    {.path = "api.cors.allowedOrigins", .kind = MCPR_KIND_LIST, .offset = TOP(api.cors_allowed_origins),
     .fallback = "*"},
    {.path = "api.olderSurface", .kind = MCPR_KIND_BOOL, .offset = TOP(api.older_surface), .fallback = "true",
     .variable = "ENABLE_AGGREGATED_ENDPOINTS"},

    {.path = "INSECURE_URL", .kind = MCPR_KIND_BOOL, .offset = TOP(insecure_url), .only_environment = 1},
    {.path = "COMPRESS_RESPONSE", .kind = MCPR_KIND_BOOL, .offset = TOP(compress_response),
     .only_environment = 1},
    {.path = "WATCH_NAMESPACE", .kind = MCPR_KIND_STRING, .offset = TOP(watch_namespace), .fallback = "",
     .only_environment = 1},
    {.path = "LEADER_ELECTION_ID", .kind = MCPR_KIND_STRING, .offset = TOP(leader_election_id),
     .only_environment = 1},
    {.path = NULL},
};

const mcpr_key mcpr_keys_name[] = {
    {.path = "name", .kind = MCPR_KIND_STRING, .required = 1},
    {.path = NULL},
};

const mcpr_key mcpr_keys_source[] = {
    {.path = "format", .kind = MCPR_KIND_CHOICE, .offset = SOURCE(format), .words = formats},
    {.path = "syncPolicy.interval", .kind = MCPR_KIND_DURATION, .offset = SOURCE(interval), .low = 1,
     .high = APR_INT64_MAX, .types = GIT | API | FILE_, .required = 1},
    {.path = "git.repository", .kind = MCPR_KIND_STRING, .offset = SOURCE(git.repository), .types = GIT,
     .required = 1},
    {.path = "git.branch", .kind = MCPR_KIND_STRING, .offset = SOURCE(git.branch), .types = GIT},
    {.path = "git.tag", .kind = MCPR_KIND_STRING, .offset = SOURCE(git.tag), .types = GIT},
    {.path = "git.commit", .kind = MCPR_KIND_STRING, .offset = SOURCE(git.commit), .types = GIT},
    {.path = "git.path", .kind = MCPR_KIND_STRING, .offset = SOURCE(git.path), .fallback = "registry.json",
     .types = GIT},
    {.path = "git.auth.username", .kind = MCPR_KIND_STRING, .offset = SOURCE(git.username), .types = GIT},
    {.path = "git.auth.passwordFile", .kind = MCPR_KIND_STRING, .offset = SOURCE(git.password_file),
     .types = GIT},
    {.path = "api.endpoint", .kind = MCPR_KIND_STRING, .offset = SOURCE(api.endpoint), .types = API,
     .required = 1},
    {.path = "api.timeout", .kind = MCPR_KIND_DURATION, .offset = SOURCE(api.timeout), .fallback = "10s",
     .low = 1, .high = 300000000000, .types = API},
    {.path = "api.tokenFile", .kind = MCPR_KIND_STRING, .offset = SOURCE(api.token_file), .types = API},
    {.path = "file.path", .kind = MCPR_KIND_STRING, .offset = SOURCE(file.path), .types = FILE_},
    {.path = "file.url", .kind = MCPR_KIND_STRING, .offset = SOURCE(file.url), .types = FILE_},
    {.path = "kubernetes.namespaces", .kind = MCPR_KIND_LIST, .offset = SOURCE(kubernetes_namespaces)},
    {.path = "filter.names.include", .kind = MCPR_KIND_LIST, .offset = SOURCE(filter.names_include)},
    {.path = "filter.names.exclude", .kind = MCPR_KIND_LIST, .offset = SOURCE(filter.names_exclude)},
    {.path = "filter.tags.include", .kind = MCPR_KIND_LIST, .offset = SOURCE(filter.tags_include)},
    {.path = "filter.tags.exclude", .kind = MCPR_KIND_LIST, .offset = SOURCE(filter.tags_exclude)},
    {.path = "claims", .kind = MCPR_KIND_CLAIMS, .offset = SOURCE(claims)},
    {.path = NULL},
};

const mcpr_key mcpr_keys_source_url[] = {
    {.path = "file.timeout", .kind = MCPR_KIND_DURATION, .offset = SOURCE(file.timeout), .fallback = "30s",
     .absent = MCPR_ABSENT_NOT_POSITIVE},
    {.path = NULL},
};

const mcpr_key mcpr_keys_registry[] = {
    {.path = "sources", .kind = MCPR_KIND_LIST, .offset = REGISTRY(sources)},
    {.path = "claims", .kind = MCPR_KIND_CLAIMS, .offset = REGISTRY(claims)},
    {.path = NULL},
};

const mcpr_key mcpr_keys_provider[] = {
    {.path = "name", .kind = MCPR_KIND_STRING, .offset = PROVIDER(name)},
    {.path = "issuerUrl", .kind = MCPR_KIND_STRING, .offset = PROVIDER(issuer_url)},
    {.path = "audience", .kind = MCPR_KIND_STRING, .offset = PROVIDER(audience)},
    {.path = "jwksUrl", .kind = MCPR_KIND_STRING, .offset = PROVIDER(jwks_url)},
    {.path = "introspectionUrl", .kind = MCPR_KIND_STRING, .offset = PROVIDER(introspection_url)},
    {.path = "clientId", .kind = MCPR_KIND_STRING, .offset = PROVIDER(client_id)},
    {.path = "clientSecretFile", .kind = MCPR_KIND_STRING, .offset = PROVIDER(client_secret_file)},
    {.path = "caCertPath", .kind = MCPR_KIND_STRING, .offset = PROVIDER(ca_cert_path)},
    {.path = "authTokenFile", .kind = MCPR_KIND_STRING, .offset = PROVIDER(auth_token_file)},
    {.path = "allowPrivateIP", .kind = MCPR_KIND_BOOL, .offset = PROVIDER(allow_private_ip)},
    {.path = NULL},
};

/* clang-format on */

const char *const mcpr_keys_lists[] = {
    "sources",
    "registries",
    "auth.oauth.providers",
    "auth.authz.roles.superAdmin",
    "auth.authz.roles.manageSources",
    "auth.authz.roles.manageRegistries",
    "auth.authz.roles.manageEntries",
    NULL,
};

const char *mcpr_word_of(const mcpr_word *words, int value)
{
    for (; words->word; words++) {
        if (words->value == value) {
            return words->word;
        }
    }
    return NULL;
}
