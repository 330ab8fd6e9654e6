/*
 * What is kept about a document between two fetches: how its server called it, and its hash.
 */
#ifndef THV_SYNCD_SOURCES_URL_MEMO_H
#define THV_SYNCD_SOURCES_URL_MEMO_H

#include "common/util/attributes.h"
#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_tables.h>

typedef struct mcpr_url_memo {
    const char *url, *hash;
    const char *etag, *last_modified; /* NULL when the server sent none */
} mcpr_url_memo;

/** The memo of source `name` in `state_dir`. Returns 0 when there is none that can be read. */
int mcpr_url_memo_read(mcpr_url_memo *memo, const char *state_dir, const char *name, apr_pool_t *pool);

/** Writes it; one without ETag and date is removed instead. A failure costs a download, no more. */
void mcpr_url_memo_write(const mcpr_url_memo *memo, const char *state_dir, const char *name,
                         apr_pool_t *pool);

/** Removes the memos of other sources than `names` (const char *). NULL for the folder: there are none. */
MCPR_MUSTCHECK apr_status_t mcpr_url_memo_sweep(const char *state_dir, const apr_array_header_t *names,
                                                apr_pool_t *pool);

#endif
