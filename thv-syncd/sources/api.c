/*
 * Another registry's API (spec sync.md 6): probed, then read page by page.
 */
#include "thv-syncd/log.h"
#include "thv-syncd/sources/api_pages.h"
#include "thv-syncd/sources/api_probe.h"
#include "thv-syncd/sources/http.h"
#include <apr_strings.h>
#include <string.h>

/* Of openapi.yaml, which is read as a tree. Where it is longer, the first page decides. */
#define DESCRIPTION_BYTES ((apr_int64_t)4 * 1024 * 1024)

typedef struct api {
    const mcpr_source *source;
    const char *endpoint; /* without a slash at its end */
    mcpr_http *client;
} api;

static json_t *describe(const mcpr_config_source *config)
{
    return json_pack("{s:s}", "endpoint", config->api.endpoint);
}

static apr_status_t open_source(mcpr_source *source, const char **error)
{
    mcpr_http_bounds bounds = {source->config->api.timeout, source->limits.document_bytes};
    api *self = apr_pcalloc(source->pool, sizeof *self);
    const char *endpoint = source->config->api.endpoint;
    apr_size_t len = strlen(endpoint);

    (void)error;
    source->state = self;
    self->source = source;
    self->endpoint = apr_pstrmemdup(source->pool, endpoint, len && endpoint[len - 1] == '/' ? len - 1 : len);
    self->client = mcpr_http_create(&bounds, source->pulse, source->pool);
    return APR_SUCCESS;
}

static int is_given_up(apr_status_t status)
{
    return status == MCPR_ESTOPPED || status == APR_TIMEUP;
}

/* What is wrong with the endpoint's description, into *complaint; NULL: nothing. */
static apr_status_t probe(const api *self, const char **complaint, apr_pool_t *pool)
{
    mcpr_http_request request = {.url = apr_pstrcat(pool, self->endpoint, "/openapi.yaml", NULL)};
    mcpr_http_answer answer;
    apr_pool_t *scratch;
    apr_status_t status;

    request.body_bytes = self->source->limits.document_bytes < DESCRIPTION_BYTES
                             ? self->source->limits.document_bytes
                             : DESCRIPTION_BYTES;
    apr_pool_create(&scratch, pool);
    status = mcpr_http_get(self->client, &request, &answer, complaint, scratch);
    if (status == APR_SUCCESS) {
        *complaint = mcpr_api_description_complaint(answer.data, answer.len, scratch);
    }
    *complaint = *complaint ? apr_pstrdup(pool, *complaint) : NULL;
    apr_pool_destroy(scratch);
    return is_given_up(status) ? status : APR_SUCCESS;
}

static const char *page_url(const api *self, const char *cursor, apr_pool_t *pool)
{
    return apr_pstrcat(pool, self->endpoint, "/v0.1/servers?limit=100", cursor ? "&cursor=" : NULL,
                       cursor ? mcpr_http_escape(cursor, pool) : NULL, NULL);
}

static apr_status_t fetch_page(const api *self, mcpr_api_pages *pages, const char *cursor, int number,
                               const char **error, apr_pool_t *scratch)
{
    mcpr_http_request request = {.url = page_url(self, cursor, scratch)};
    mcpr_http_answer answer;
    apr_status_t status = mcpr_http_get(self->client, &request, &answer, error, scratch);

    if (is_given_up(status)) {
        return status;
    }
    if (status != APR_SUCCESS) {
        *error = apr_psprintf(scratch, "failed to fetch page %d: %s", number, *error);
        return status;
    }
    return mcpr_api_pages_take(pages, answer.data, answer.len, error, scratch);
}

/* All pages. `number` is that of the last one asked for. */
static apr_status_t fetch_pages(const api *self, mcpr_api_pages *pages, int *number, const char **error,
                                apr_pool_t *pool)
{
    apr_pool_t *scratch;
    const char *cursor;
    apr_status_t status;

    apr_pool_create(&scratch, pool);
    while ((status = mcpr_api_pages_next(pages, &cursor, number, error)) == APR_SUCCESS) {
        status = fetch_page(self, pages, cursor, *number, error, scratch);
        if (status != APR_SUCCESS) {
            break;
        }
        apr_pool_clear(scratch);
    }
    if (status != APR_SUCCESS && status != APR_EOF) {
        *error = apr_pstrcat(pool, "failed to fetch servers: ", *error, NULL);
    }
    apr_pool_destroy(scratch);
    return status;
}

/* Neither a description nor a page: both reasons are in the log, the message is that of the probe. */
static const char *not_a_registry(const api *self, const char *complaint, const char *page_error)
{
    mcpr_log(MCPR_LOG_WARN, "An endpoint is no registry", "s:s, s:s, s:s", "source",
             self->source->config->name, "openapi", complaint, "first_page", page_error);
    return "upstream format validation failed: unable to validate Upstream format";
}

static apr_status_t fetch(mcpr_source *source, mcpr_document *document, const char **error, apr_pool_t *pool)
{
    const api *self = source->state;
    mcpr_api_pages *pages = mcpr_api_pages_create(source->config->name, &source->limits, pool);
    const char *complaint = NULL;
    int number = 0;
    apr_status_t status = probe(self, &complaint, pool);

    if (status != APR_SUCCESS) {
        *error = "stopped";
        return status;
    }
    status = fetch_pages(self, pages, &number, error, pool);
    if (status == APR_EOF) {
        status = mcpr_api_pages_finish(pages, document);
        *error = "no memory for the list";
        return status;
    }
    if (complaint && number == 1 && status != APR_ENOSPC && !is_given_up(status)) {
        *error = not_a_registry(self, complaint, *error);
    }
    return status;
}

const mcpr_source_handler mcpr_source_api = {
    .type = MCPR_SOURCE_API,
    .syncable = 1,
    .describe = describe,
    .open = open_source,
    .fetch = fetch,
};
