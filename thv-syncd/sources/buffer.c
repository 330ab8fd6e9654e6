/*
 * Bytes that grow.
 */
#include "thv-syncd/sources/buffer.h"
#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE ((apr_size_t)16 * 1024)

static apr_status_t free_bytes(void *baton)
{
    mcpr_buffer_drop(baton);
    return APR_SUCCESS;
}

mcpr_buffer *mcpr_buffer_create(apr_pool_t *pool)
{
    mcpr_buffer *buffer = apr_pcalloc(pool, sizeof *buffer);

    apr_pool_cleanup_register(pool, buffer, free_bytes, apr_pool_cleanup_null);
    return buffer;
}

apr_status_t mcpr_buffer_append(mcpr_buffer *buffer, const void *bytes, apr_size_t len)
{
    if (len > buffer->size - buffer->len) {
        apr_size_t size = buffer->size ? buffer->size * 2 : FIRST_SIZE;
        char *data;

        size = size < buffer->len + len ? buffer->len + len : size;
        data = realloc(buffer->data, size);
        if (!data) {
            return APR_ENOMEM;
        }
        buffer->data = data;
        buffer->size = size;
    }
    if (len) {
        memcpy(buffer->data + buffer->len, bytes, len);
    }
    buffer->len += len;
    return APR_SUCCESS;
}

void mcpr_buffer_drop(mcpr_buffer *buffer)
{
    free(buffer->data);
    memset(buffer, 0, sizeof *buffer);
}
