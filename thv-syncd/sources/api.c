/*
 * Another registry's API (spec sync.md 6): probed, then read page by page.
 */
#include "common/model/response.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sources/api_pages.h"
#include "thv-syncd/sources/api_probe.h"
#include "thv-syncd/sources/http.h"
#include "thv-syncd/sources/secret_file.h"
#include <apr_strings.h>
#include <string.h>

/* Of openapi.yaml, which is read as a tree. Where it is longer, the first page decides. */
#define DESCRIPTION_BYTES ((apr_int64_t)4 * 1024 * 1024)
/* A change gets its time when its transaction begins and is seen when that ends: longer than one takes. */
#define OVERLAP apr_time_from_sec(15 * 60)

typedef struct api {
    const mcpr_source *source;
    const char *endpoint; /* without a slash at its end */
    mcpr_http *client;
    const char *token; /* NULL: none is asked for */
} api;

static json_t *describe(const mcpr_config_source *config)
{
    json_t *block = json_pack("{s:o, s:s*}", "endpoint", mcpr_source_described_url(config->api.endpoint),
                              "tokenFile", config->api.token_file);

    mcpr_source_describe_timeout(block, config->api.timeout, MCPR_API_TIMEOUT);
    return block;
}

static apr_status_t open_source(mcpr_source *source, const char **error)
{
    mcpr_http_bounds bounds = {source->config->api.timeout, source->limits.document_bytes};
    api *self = apr_pcalloc(source->pool, sizeof *self);
    const char *endpoint = source->config->api.endpoint;
    apr_size_t len = strlen(endpoint);

    if (!*endpoint) {
        *error = "api endpoint cannot be empty";
        return APR_EINVAL;
    }
    source->state = self;
    self->source = source;
    self->endpoint = apr_pstrmemdup(source->pool, endpoint, endpoint[len - 1] == '/' ? len - 1 : len);
    self->client = mcpr_http_create(&bounds, source->pulse, source->pool);
    return APR_SUCCESS;
}

/* Reads the token anew. It becomes a header, so it is one word of printable ASCII. */
static apr_status_t read_token(api *self, const char **error, apr_pool_t *pool)
{
    const char *path = self->source->config->api.token_file, *reason = NULL;
    apr_status_t status = APR_SUCCESS;

    self->token = NULL;
    if (!path) {
        return APR_SUCCESS;
    }
    status = mcpr_secret_read(&self->token, path, &reason, pool);
    for (const char *c = self->token; status == APR_SUCCESS && (*c || c == self->token); c++) {
        if (*c <= ' ' || *c > '~') {
            reason = apr_psprintf(pool, "read %s: %s", mcpr_http_shown(path, pool),
                                  *c ? "not one word of printable ASCII" : "it is empty");
            status = APR_EINVAL;
        }
    }
    if (status != APR_SUCCESS) {
        *error = apr_pstrcat(pool, "failed to get api token: ", reason, NULL);
    }
    return status;
}

static int is_given_up(apr_status_t status)
{
    return status == MCPR_ESTOPPED || status == APR_TIMEUP;
}

/* What the endpoint says of itself. Where it says nothing, that is the complaint. */
static apr_status_t probe(const api *self, mcpr_api_description *description, apr_pool_t *pool)
{
    mcpr_http_request request = {.url = apr_pstrcat(pool, self->endpoint, "/openapi.yaml", NULL),
                                 .token = self->token};
    mcpr_http_answer answer;
    apr_pool_t *scratch;
    apr_status_t status;

    request.body_bytes = self->source->limits.document_bytes < DESCRIPTION_BYTES
                             ? self->source->limits.document_bytes
                             : DESCRIPTION_BYTES;
    apr_pool_create(&scratch, pool);
    status = mcpr_http_get(self->client, &request, &answer, &description->complaint, scratch);
    if (status == APR_SUCCESS) {
        *description = mcpr_api_description_read(answer.data, answer.len, scratch);
    }
    description->complaint = description->complaint ? apr_pstrdup(pool, description->complaint) : NULL;
    apr_pool_destroy(scratch);
    return is_given_up(status) ? status : APR_SUCCESS;
}

/* All that one fetch needs. */
typedef struct run {
    const api *api;
    mcpr_api_pages *pages;
    const char *since; /* NULL: everything */
    int number;        /* of the page last asked for */
    apr_time_t date;   /* of the first page, 0: not known */
} run;

static const char *page_url(const run *r, const char *cursor, apr_pool_t *pool)
{
    const char *url = apr_pstrcat(pool, r->api->endpoint, "/v0.1/servers?limit=100", NULL);

    if (r->since) {
        url = apr_pstrcat(pool, url, "&include_deleted=true&updated_since=", mcpr_http_escape(r->since, pool),
                          NULL);
    }
    return cursor ? apr_pstrcat(pool, url, "&cursor=", mcpr_http_escape(cursor, pool), NULL) : url;
}

static apr_status_t fetch_page(run *r, const char *cursor, const char **error, apr_pool_t *scratch)
{
    mcpr_http_request request = {.url = page_url(r, cursor, scratch),
                                 .token = r->api->token,
                                 .shows_query = !strchr(r->api->endpoint, '?')};
    mcpr_http_answer answer;
    apr_status_t status = mcpr_http_get(r->api->client, &request, &answer, error, scratch);

    if (is_given_up(status)) {
        return status;
    }
    if (status != APR_SUCCESS) {
        *error = apr_psprintf(scratch, "failed to fetch page %d: %s", r->number, *error);
        return status;
    }
    r->date = r->number == 1 ? answer.date : r->date;
    return mcpr_api_pages_take(r->pages, answer.data, answer.len, error, scratch);
}

static apr_status_t fetch_pages(run *r, const char **error, apr_pool_t *pool)
{
    apr_pool_t *scratch;
    const char *cursor;
    apr_status_t status;

    apr_pool_create(&scratch, pool);
    while ((status = mcpr_api_pages_next(r->pages, &cursor, &r->number, error)) == APR_SUCCESS) {
        status = fetch_page(r, cursor, error, scratch);
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

/* From when on the next fetch has to ask, by the far side's own clock. */
static const char *mark(apr_time_t date, apr_pool_t *pool)
{
    return date > OVERLAP ? mcpr_time_rfc3339(date - OVERLAP, pool) : NULL;
}

static apr_status_t fetch(mcpr_source *source, mcpr_document *document, const char **error, apr_pool_t *pool)
{
    mcpr_source_limits limits = source->limits;
    mcpr_api_description description = {NULL, 0};
    run r = {.api = source->state};
    apr_status_t status = read_token(source->state, error, pool);

    if (status != APR_SUCCESS) {
        return status;
    }
    status = probe(r.api, &description, pool);
    if (status != APR_SUCCESS) {
        *error = "stopped";
        return status;
    }
    limits.since = description.tells_changes ? limits.since : NULL;
    r.since = limits.since;
    r.pages = mcpr_api_pages_create(source->config->name, &limits, pool);
    status = fetch_pages(&r, error, pool);
    if (status == APR_EOF) {
        status = mcpr_api_pages_finish(r.pages, document);
        document->mark = description.tells_changes ? mark(r.date, pool) : NULL;
        *error = "no memory for the list";
        return status;
    }
    if (description.complaint && r.number == 1 && status != APR_ENOSPC && !is_given_up(status)) {
        *error = not_a_registry(r.api, description.complaint, *error);
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
