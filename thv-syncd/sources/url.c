/*
 * A document behind a URL.
 */
#include "thv-syncd/sources/url.h"
#include "common/util/digest.h"
#include "thv-syncd/sources/http.h"
#include "thv-syncd/sources/url_memo.h"
#include <apr_strings.h>
#include <string.h>

/* Is what the caller has the document that the memo is about? */
static int can_ask(mcpr_source *source, mcpr_url_memo *memo, apr_pool_t *pool)
{
    const mcpr_source_limits *limits = &source->limits;

    return limits->state_dir && limits->known_hash &&
           mcpr_url_memo_read(memo, limits->state_dir, source->config->name, pool) &&
           strcmp(memo->hash, limits->known_hash) == 0;
}

apr_status_t mcpr_url_fetch(mcpr_source *source, mcpr_document *document, const char **error,
                            apr_pool_t *pool)
{
    const mcpr_config_file *config = &source->config->file;
    mcpr_http_bounds bounds = {config->timeout, source->limits.document_bytes};
    mcpr_http *client = mcpr_http_create(&bounds, source->pulse, pool);
    mcpr_http_request request = {.url = config->url};
    mcpr_url_memo memo = {.url = config->url};
    mcpr_http_answer answer;
    apr_status_t status;

    if (can_ask(source, &memo, pool)) {
        request.etag = memo.etag;
        request.last_modified = memo.last_modified;
    }
    status = mcpr_http_get(client, &request, &answer, error, pool);
    if (status != APR_SUCCESS) {
        *error = apr_psprintf(pool, "failed to fetch data: failed to fetch URL %s: %s",
                              mcpr_http_shown(config->url, pool), *error);
        return status;
    }
    if (answer.unchanged) {
        document->hash = memo.hash;
        return APR_SUCCESS;
    }
    document->data = answer.data;
    document->len = answer.len;
    document->hash = mcpr_sha256_hex(answer.data, answer.len, pool);
    if (source->limits.state_dir) {
        memo = (mcpr_url_memo){config->url, document->hash, answer.etag, answer.last_modified};
        mcpr_url_memo_write(&memo, source->limits.state_dir, source->config->name, pool);
    }
    return APR_SUCCESS;
}
