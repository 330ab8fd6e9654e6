/*
 * The module's directives: one row each, walked by create, merge, default and check, so that none forgets a
 * field.
 */
#ifndef MCPR_DIRECTIVES_H
#define MCPR_DIRECTIVES_H

#include <httpd.h>
#include <apr_time.h>
#include <http_config.h>

struct mcpr_instance;
struct mcpr_mounts;

/**
 * What a server says; a field that no directive set holds MCPR_UNSET or NULL until mcpr_settings_resolve().
 * The last two are no directives: start-up fills them in when all servers have been read.
 */
typedef struct mcpr_settings {
    const char *config_path;               /* MCPRegistryConfig, NULL: no registry here */
    apr_int64_t cache_bytes;               /* MCPRegistryCacheSize */
    apr_int64_t pool_max;                  /* MCPRegistryPoolMax; 0: what the configuration file says */
    apr_interval_time_t pool_wait;         /* MCPRegistryPoolTimeout, µs */
    apr_interval_time_t statement_timeout; /* MCPRegistryStatementTimeout, µs */
    apr_int64_t compress;                  /* MCPRegistryCompress */
    struct mcpr_instance *instance;        /* the registry that this server answers for, NULL: none */
    const struct mcpr_mounts *mounts;      /* where it answers */
} mcpr_settings;

#define MCPR_UNSET (-1)

/** The table for the module record. */
extern const command_rec mcpr_directives[];

/** For the module record: a server's settings, nothing set. */
void *mcpr_settings_create(apr_pool_t *pool, server_rec *server);

/** For the module record: what `add` sets wins over `base`. */
void *mcpr_settings_merge(apr_pool_t *pool, void *base, void *add);

/** A copy of `settings` with defaults where nothing was set, in `pool`. */
mcpr_settings *mcpr_settings_resolve(const mcpr_settings *settings, apr_pool_t *pool);

/** Non-zero when two resolved settings say the same. */
int mcpr_settings_equal(const mcpr_settings *a, const mcpr_settings *b);

#endif
