/* A bucket that lends a cached page: copies and splits share one reference, the last one gone gives it back.
 */
#include "mod_mcp_registry/store/page_cache.h"

typedef struct lent {
    apr_bucket_refcount refcount; /* first, as apr_bucket_shared_* want it */
    const mcpr_page *page;
} lent;

static apr_status_t page_read(apr_bucket *b, const char **str, apr_size_t *len, apr_read_type_e block)
{
    const lent *l = b->data;
    (void)block;
    *str = l->page->body + b->start;
    *len = b->length;
    return APR_SUCCESS;
}

static void page_destroy(void *data)
{
    lent *l = data;
    if (apr_bucket_shared_destroy(l)) {
        mcpr_page_release(l->page);
        apr_bucket_free(l);
    }
}

/* Set aside means to outlive the caller: a counted page does. */
static const apr_bucket_type_t page_type = {"MCPR_PAGE",
                                            5,
                                            APR_BUCKET_DATA,
                                            page_destroy,
                                            page_read,
                                            apr_bucket_setaside_noop,
                                            apr_bucket_shared_split,
                                            apr_bucket_shared_copy};

apr_bucket *mcpr_page_bucket(const mcpr_page *page, apr_bucket_alloc_t *alloc)
{
    apr_bucket *b = apr_bucket_alloc(sizeof(*b), alloc);
    lent *l = apr_bucket_alloc(sizeof(*l), alloc);

    APR_BUCKET_INIT(b);
    b->free = apr_bucket_free;
    b->list = alloc;
    l->page = page;
    b = apr_bucket_shared_make(b, l, 0, page->len);
    b->type = &page_type;
    return b;
}
