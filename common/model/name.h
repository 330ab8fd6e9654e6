/*
 * Server names: the strict rule of single-server routes and of publishing (spec api-registry.md 4.2).
 */
#ifndef MCPR_MODEL_NAME_H
#define MCPR_MODEL_NAME_H

#include <apr_pools.h>

/**
 * NULL when `name` is a valid server name, else the complaint, word for word that of the specification
 * without its prefix: "server name must be in format 'dns-namespace/name' …". In `pool`.
 */
const char *mcpr_server_name_complaint(const char *name, apr_pool_t *pool);

#endif
