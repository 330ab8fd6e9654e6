/*
 * A registry that this httpd answers for: its configuration, and what a child process holds for it. Servers
 * whose settings are the same share one.
 */
#ifndef MCPR_INSTANCE_H
#define MCPR_INSTANCE_H

#include "common/config/config.h"
#include "mod_mcp_registry/directives.h"
#include "mod_mcp_registry/openapi/documents.h"
#include "mod_mcp_registry/store/generation.h"
#include "mod_mcp_registry/store/page_cache.h"
#include "mod_mcp_registry/store/pool.h"

typedef struct mcpr_instance {
    const mcpr_settings *settings; /* resolved */
    const mcpr_config *config;
    server_rec *server; /* one of the servers, for messages */
    mcpr_pool_options connection;
    const mcpr_documents *documents; /* what describes the API */
    mcpr_generation *generation;     /* made in the parent, shared with all children; NULL: no room for it */
    mcpr_pool *store;                /* this and the next: of the child process; NULL: it could not start */
    mcpr_page_cache *cache;          /* NULL: no cache */
} mcpr_instance;

/**
 * Reads the configuration of every server that names one, refuses what this module can't do yet, and gives
 * each server its instance. Logs everything that is wrong; then returns APR_EINVAL. For the check_config
 * hook.
 */
MCPR_MUSTCHECK apr_status_t mcpr_instances_load(server_rec *servers, apr_pool_t *pconf);

/** Gives every instance its generation, as long as there is room; the shared segment outlives restarts. For
 * post_config. */
void mcpr_instances_share(server_rec *servers, apr_pool_t *pconf);

/** Opens what a child needs: connections, cache, watcher. For child_init. */
void mcpr_instances_start_child(server_rec *servers, apr_pool_t *pchild);

/** Ends all waiting for PostgreSQL, for a child that stops without finishing its requests. May be called from
 * a signal handler. For child_stopping. */
void mcpr_instances_stop_child(server_rec *servers);

/** Why no request can be answered with `instance` (NULL: the server has none), for the log; NULL when it can.
 */
const char *mcpr_instance_missing(const mcpr_instance *instance);

/** The settings of a server; never NULL. */
mcpr_settings *mcpr_settings_of(server_rec *server);

#endif
