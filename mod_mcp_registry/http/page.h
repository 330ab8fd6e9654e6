/*
 * Pages before they are sent or kept: packed where that pays, with a strong validator; and documents that
 * never change, which are made once, both ways.
 */
#ifndef MCPR_HTTP_PAGE_H
#define MCPR_HTTP_PAGE_H

#include "mod_mcp_registry/store/page_cache.h"

/**
 * Makes a page of `len` bytes of `body`: packed when `pack` says so and it gets smaller, with its ETag. The
 * page refers to `body`, or to bytes in `pool`.
 */
void mcpr_page_make(mcpr_page *page, const char *body, apr_size_t len, int pack, apr_pool_t *pool);

/** A body that is the same as long as the process lives. Immutable. */
typedef struct mcpr_document {
    const char *type; /* Content-Type */
    mcpr_page plain;
    mcpr_page packed; /* the same as plain when packing does not pay */
} mcpr_document;

/** Makes a document of the text. It refers to `type` and `text`, and to bytes in `pool`. */
void mcpr_document_make(mcpr_document *document, const char *type, const char *text, apr_pool_t *pool);

#endif
