/*
 * Compression of a body in one go.
 */
#ifndef MCPR_HTTP_GZIP_H
#define MCPR_HTTP_GZIP_H

#include <apr.h>
#include <apr_pools.h>

/** `len` bytes as one gzip member (RFC 1952) in `pool`; NULL when that is not smaller. */
const char *mcpr_gzip(const char *text, apr_size_t len, apr_size_t *compressed_len, apr_pool_t *pool);

#endif
