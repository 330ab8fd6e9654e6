/*
 * Does an endpoint say that it is a registry? (spec sync.md 6, probe)
 */
#ifndef THV_SYNCD_SOURCES_API_PROBE_H
#define THV_SYNCD_SOURCES_API_PROBE_H

#include <apr_pools.h>

/** What is wrong with an endpoint's openapi.yaml, in `pool`; NULL when it is that of a registry. Pure. */
const char *mcpr_api_description_complaint(const char *yaml, apr_size_t len, apr_pool_t *pool);

#endif
