/* gzip by zlib. */
#include "mod_mcp_registry/http/gzip.h"

#include <string.h>
#include <zlib.h>

#define GZIP_WINDOW (15 + 16) /* zlib: the largest window, with a gzip header */
#define MEMORY      8         /* zlib's default */

const char *mcpr_gzip(const char *text, apr_size_t len, apr_size_t *compressed_len, apr_pool_t *pool)
{
    z_stream z;

    memset(&z, 0, sizeof(z));
    if (len > UINT_MAX || deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, MEMORY,
                                       Z_DEFAULT_STRATEGY) != Z_OK) {
        return NULL;
    }
    char *out = apr_palloc(pool, len);
    z.next_in = (Bytef *)(uintptr_t)text;
    z.avail_in = (uInt)len;
    z.next_out = (Bytef *)out;
    z.avail_out = (uInt)len;
    int end = deflate(&z, Z_FINISH);
    *compressed_len = z.total_out;
    deflateEnd(&z);
    return end == Z_STREAM_END ? out : NULL;
}
