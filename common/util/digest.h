/*
 * SHA-256, for change detection and content identity.
 */
#ifndef MCPR_UTIL_DIGEST_H
#define MCPR_UTIL_DIGEST_H

#include <apr.h>
#include <apr_pools.h>

#define MCPR_SHA256_BYTES 32

/** The SHA-256 of `len` bytes. Never fails for a working libcrypto; aborts otherwise. */
void mcpr_sha256(const void *data, apr_size_t len, unsigned char out[MCPR_SHA256_BYTES]);

/** The same as 64 lower-case hexadecimal digits, in `pool`. */
const char *mcpr_sha256_hex(const void *data, apr_size_t len, apr_pool_t *pool);

#endif
