/* Pages: compression and validators. */
#include "mod_mcp_registry/http/page.h"

#include "mod_mcp_registry/http/gzip.h"
#include <apr_strings.h>
#include <string.h>
#include <xxhash.h>

/* Below this, compression costs more than it saves. */
#define GZIP_MIN 512

/* A strong validator: the same bytes have the same tag on every host. */
static void make_etag(mcpr_page *page)
{
    XXH128_hash_t hash = XXH3_128bits(page->body, page->len);
    apr_snprintf(page->etag, sizeof(page->etag),
                 "\"%016" APR_UINT64_T_HEX_FMT "%016" APR_UINT64_T_HEX_FMT "\"", (apr_uint64_t)hash.high64,
                 (apr_uint64_t)hash.low64);
}

static void compress(mcpr_page *page, apr_pool_t *pool)
{
    apr_size_t len;
    const char *body = page->len < GZIP_MIN ? NULL : mcpr_gzip(page->body, page->len, &len, pool);
    if (body) {
        page->body = body;
        page->len = len;
        page->gzip = 1;
    }
}

void mcpr_page_make(mcpr_page *page, const char *body, apr_size_t len, int pack, apr_pool_t *pool)
{
    *page = (mcpr_page){.body = body, .len = len};
    if (pack) {
        compress(page, pool);
    }
    make_etag(page);
}

void mcpr_document_make(mcpr_document *document, const char *type, const char *text, apr_pool_t *pool)
{
    document->type = type;
    mcpr_page_make(&document->plain, text, strlen(text), 0, pool);
    mcpr_page_make(&document->packed, text, strlen(text), 1, pool);
}
