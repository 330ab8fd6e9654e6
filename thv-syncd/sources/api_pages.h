/*
 * The pages of an API as they come in, gathered into one list: bounds, cursors, change detection. Pure.
 */
#ifndef THV_SYNCD_SOURCES_API_PAGES_H
#define THV_SYNCD_SOURCES_API_PAGES_H

#include "thv-syncd/sources/source.h"

/** Decoded bytes of all pages of a sync; a larger limit for one document counts here too. */
#define MCPR_API_TOTAL_BYTES ((apr_int64_t)512 * 1024 * 1024)

typedef struct mcpr_api_pages mcpr_api_pages;

/** An empty list in `pool`. `source` is its name, for warnings in the log. */
mcpr_api_pages *mcpr_api_pages_create(const char *source, const mcpr_source_limits *limits, apr_pool_t *pool);

/**
 * Asks to be given one more page. APR_SUCCESS: do, with *cursor, which is NULL for the first page. APR_EOF:
 * all are here. Else *error is why not.
 */
MCPR_MUSTCHECK apr_status_t mcpr_api_pages_next(mcpr_api_pages *pages, const char **cursor, int *number,
                                                const char **error);

/**
 * Takes that page. APR_ENOSPC: a good page, but more than is allowed. On any failure *error is the reason, in
 * the list's pool. `scratch` is for this call.
 */
MCPR_MUSTCHECK apr_status_t mcpr_api_pages_take(mcpr_api_pages *pages, const char *data, apr_size_t len,
                                                const char **error, apr_pool_t *scratch);

/**
 * The list as a document; it lives with the list. Its hash tells whether anything that is kept has changed:
 * servers, their order, their status. White space and the order of members don't count. Where the limits have
 * `since` it is a partial document: nothing in it leaves the hash as it was known, anything moves it.
 */
MCPR_MUSTCHECK apr_status_t mcpr_api_pages_finish(mcpr_api_pages *pages, mcpr_document *document);

#endif
