/*
 * The configuration file of both programs (spec config.md): read, overlaid with the environment, checked.
 *
 * A configuration is immutable once loaded and lives in the pool given to mcpr_config_load(); threads may
 * share it. Every key is a row of the table in keys.c; this header is what the rows fill in.
 */
#ifndef MCPR_CONFIG_CONFIG_H
#define MCPR_CONFIG_CONFIG_H

#include "common/util/attributes.h"
#include "common/util/problems.h"
#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>
#include <jansson.h>

/** sources[]: the one type block that is present. The names are those of the YAML and of the database. */
typedef enum mcpr_source_type {
    MCPR_SOURCE_GIT,
    MCPR_SOURCE_API,
    MCPR_SOURCE_FILE,
    MCPR_SOURCE_MANAGED,
    MCPR_SOURCE_KUBERNETES
} mcpr_source_type;

/** sources[].format: which of the two document formats is insisted on (formats.md 1.1). */
typedef enum mcpr_format { MCPR_FORMAT_AUTO, MCPR_FORMAT_TOOLHIVE, MCPR_FORMAT_UPSTREAM } mcpr_format;

typedef struct mcpr_config_git {
    const char *repository;
    const char *branch, *tag, *commit; /* NULL when absent */
    const char *path;                  /* "registry.json" when absent */
    const char *username, *password_file;
} mcpr_config_git;

/** The timeouts of sources that say nothing of them, and the most of an API's. */
#define MCPR_API_TIMEOUT      apr_time_from_sec(10)
#define MCPR_API_TIMEOUT_MOST apr_time_from_sec(300)
#define MCPR_FILE_TIMEOUT     apr_time_from_sec(30)

typedef struct mcpr_config_api {
    const char *endpoint;
    const char *token_file;      /* of a bearer token; NULL when absent */
    apr_interval_time_t timeout; /* µs; MCPR_API_TIMEOUT when absent */
} mcpr_config_api;

typedef struct mcpr_config_file {
    const char *path, *url;      /* one of them */
    const char *data;            /* the document itself: of a source made through the API, never of a file */
    apr_interval_time_t timeout; /* µs; MCPR_FILE_TIMEOUT when absent or not positive */
} mcpr_config_file;

/** sources[].filter: lists of const char *, never NULL. */
typedef struct mcpr_config_filter {
    int present;
    apr_array_header_t *names_include, *names_exclude;
    apr_array_header_t *tags_include, *tags_exclude;
} mcpr_config_filter;

typedef struct mcpr_config_source {
    const char *name;
    mcpr_source_type type;
    mcpr_format format;
    mcpr_config_git git; /* the block of `type` is filled, the others are zero */
    mcpr_config_api api;
    mcpr_config_file file;
    apr_array_header_t *kubernetes_namespaces; /* of const char * */
    apr_interval_time_t interval;              /* µs; 0 for managed and kubernetes */
    mcpr_config_filter filter;
    json_t *claims; /* an object as it was written, NULL when empty; owned by the configuration's pool */
    /* What is wrong with the row of a source that is in no file: its settings, or its timeout alone. */
    const char *complaint, *bad_timeout;
} mcpr_config_source;

typedef struct mcpr_config_registry {
    const char *name;
    apr_array_header_t
        *sources; /* of const char *, in order of precedence, without repeats (the last one wins) */
    json_t *claims;
} mcpr_config_registry;

typedef struct mcpr_config_database {
    const char *host, *user, *database;
    const char *password;           /* NULL: libpq looks into the password file */
    const char *migration_user;     /* `user` when absent */
    const char *migration_password; /* the password when the users are the same, else NULL */
    const char *ssl_mode;
    const char *aws_region; /* database.dynamicAuth.awsRdsIam.region, NULL when absent */
    int port;
    int max_open_conns; /* 0 when absent */
    int max_idle_conns;
    int auto_migrate;
    apr_int64_t max_meta_size;             /* bytes */
    apr_interval_time_t conn_max_lifetime; /* µs */
} mcpr_config_database;

typedef enum mcpr_auth_mode { MCPR_AUTH_ANONYMOUS, MCPR_AUTH_OAUTH } mcpr_auth_mode;

typedef struct mcpr_config_provider {
    const char *name, *issuer_url, *audience;
    const char *jwks_url, *introspection_url, *client_id, *client_secret_file;
    const char *ca_cert_path, *auth_token_file;
    int allow_private_ip;
} mcpr_config_provider;

typedef struct mcpr_config_auth {
    mcpr_auth_mode mode;
    apr_array_header_t *public_paths; /* of const char * */
    const char *resource_url, *realm;
    apr_array_header_t *providers; /* of mcpr_config_provider */
    int authz;                     /* the block is there: authorization is on */
    json_t *roles; /* an object of role → list of claim objects, or NULL; role names as documented */
} mcpr_config_auth;

typedef struct mcpr_config_audit {
    int enabled, include_request_data, required;
    const char *log_file; /* NULL: standard output */
    apr_array_header_t *event_types, *exclude_event_types;
    int max_data_size; /* bytes */
} mcpr_config_audit;

typedef struct mcpr_config_telemetry {
    int enabled, insecure, tracing, metrics;
    const char *service_name, *service_version, *endpoint;
    double sampling;
} mcpr_config_telemetry;

typedef struct mcpr_config_sync {
    apr_interval_time_t poll_interval; /* sync.pollInterval, 5 s */
    apr_interval_time_t deadline;      /* sync.deadline, 10 min */
    apr_interval_time_t tombstone_age; /* sync.tombstoneAge, 720 h */
    int workers;                       /* sync.workers, 4 */
} mcpr_config_sync;

typedef struct mcpr_config_limits {
    apr_int64_t document_bytes; /* limits.documentBytes, 104857600 */
    apr_int64_t entries;        /* limits.entries, 100000 */
    apr_int64_t pages;          /* limits.pages, 1000 */
} mcpr_config_limits;

typedef struct mcpr_config_api_surface {
    int cors_enabled;
    apr_array_header_t *cors_allowed_origins; /* of const char *, { "*" } when absent */
    int older_surface;
} mcpr_config_api_surface;

typedef struct mcpr_config {
    const char *path;               /* as given */
    apr_array_header_t *sources;    /* of mcpr_config_source, in the file's order */
    apr_array_header_t *registries; /* of mcpr_config_registry */
    mcpr_config_database database;
    mcpr_config_auth auth;
    mcpr_config_audit audit;
    mcpr_config_telemetry telemetry;
    mcpr_config_sync sync;
    mcpr_config_limits limits;
    mcpr_config_api_surface api;
    int insecure_url;               /* THV_REGISTRY_INSECURE_URL */
    int compress_response;          /* THV_REGISTRY_COMPRESS_RESPONSE */
    const char *watch_namespace;    /* THV_REGISTRY_WATCH_NAMESPACE, "" when unset */
    const char *leader_election_id; /* THV_REGISTRY_LEADER_ELECTION_ID, NULL when unset */
    mcpr_problems *warnings;        /* what is odd but accepted; never NULL */
} mcpr_config;

/**
 * Reads `path`, overlays the environment variables of `env` (a NULL-terminated "NAME=value" list such as
 * environ) and checks the whole (spec config.md 1–8).
 *
 * All that is wrong is reported into `problems`, each with file, line and key; then APR_EINVAL is returned
 * and *config is NULL. Reads the file itself and the secret files that the configuration names for the
 * database; opens no connection. The result lives in `pool`.
 */
MCPR_MUSTCHECK apr_status_t mcpr_config_load(const mcpr_config **config, const char *path,
                                             const char *const *env, mcpr_problems *problems,
                                             apr_pool_t *pool);

/** The YAML word of a source type: "git", "api", "file", "managed", "kubernetes". */
const char *mcpr_source_type_name(mcpr_source_type type);

#endif
