/*
 * SHA-256 by libcrypto.
 */
#include "common/util/digest.h"
#include <openssl/evp.h>
#include <stdlib.h>

void mcpr_sha256(const void *data, apr_size_t len, unsigned char out[MCPR_SHA256_BYTES])
{
    if (EVP_Digest(data, len, out, NULL, EVP_sha256(), NULL) != 1) {
        abort();
    }
}

const char *mcpr_sha256_hex(const void *data, apr_size_t len, apr_pool_t *pool)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[MCPR_SHA256_BYTES];
    mcpr_sha256(data, len, digest);
    char *hex = apr_palloc(pool, 2 * sizeof digest + 1);
    for (size_t i = 0; i < sizeof digest; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[2 * sizeof digest] = '\0';
    return hex;
}
