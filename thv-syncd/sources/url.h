/*
 * A document behind a URL (spec sync.md 4): the second half of the file source.
 */
#ifndef THV_SYNCD_SOURCES_URL_H
#define THV_SYNCD_SOURCES_URL_H

#include "thv-syncd/sources/source.h"

/**
 * Fetches config->file.url, as a handler's fetch does. Where the caller knows the hash of what it has
 * (limits.known_hash) and there is a folder for it (limits.state_dir), the server's ETag and date are kept
 * there, and the next fetch asks whether they still hold: then the document has that hash and no bytes.
 */
MCPR_MUSTCHECK apr_status_t mcpr_url_fetch(mcpr_source *source, mcpr_document *document, const char **error,
                                           apr_pool_t *pool);

#endif
