/*
 * Does an endpoint say that it is a registry? (spec sync.md 6, probe)
 */
#ifndef THV_SYNCD_SOURCES_API_PROBE_H
#define THV_SYNCD_SOURCES_API_PROBE_H

#include <apr_pools.h>

/** What an endpoint's openapi.yaml tells. */
typedef struct mcpr_api_description {
    const char *complaint; /* why it is not that of a registry, NULL when it is */
    int tells_changes;     /* its list can be asked for what changed since an instant, deleted ones too */
} mcpr_api_description;

/** Reads it. Everything is in `pool`. Pure. */
mcpr_api_description mcpr_api_description_read(const char *yaml, apr_size_t len, apr_pool_t *pool);

#endif
