/*
 * Bytes that grow, outside of pools: a pool would keep every size that such a text once had.
 */
#ifndef THV_SYNCD_SOURCES_BUFFER_H
#define THV_SYNCD_SOURCES_BUFFER_H

#include "common/util/attributes.h"
#include <apr_errno.h>
#include <apr_pools.h>

typedef struct mcpr_buffer {
    char *data; /* not terminated; NULL while empty */
    apr_size_t len, size;
} mcpr_buffer;

/** An empty buffer whose bytes go with `pool`. */
mcpr_buffer *mcpr_buffer_create(apr_pool_t *pool);

/** Appends. APR_ENOMEM when there is no memory; the buffer is as it was then. */
MCPR_MUSTCHECK apr_status_t mcpr_buffer_append(mcpr_buffer *buffer, const void *bytes, apr_size_t len);

/** Empties it and gives the memory back. */
void mcpr_buffer_drop(mcpr_buffer *buffer);

#endif
