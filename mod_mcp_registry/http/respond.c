/* Responses: one brigade, one pass, our own error bodies. */
#include "mod_mcp_registry/http/respond.h"

#include "mod_mcp_registry/http/accept.h"
#include <apr_strings.h>
#include <http_log.h>
#include <http_protocol.h>
#include <stdlib.h>
#include <util_filter.h>

#define JSON_TYPE     "application/json"
#define RETRY_SECONDS "1"

APLOG_USE_MODULE(mcp_registry);

void mcpr_respond_common_headers(mcpr_request *q, const char *resource_policy)
{
    apr_table_t *headers = q->r->err_headers_out; /* sent with errors too */
    apr_table_setn(headers, "X-Content-Type-Options", "nosniff");
    apr_table_setn(headers, "Cross-Origin-Resource-Policy", resource_policy);
}

/* Passes `b` (NULL: no body) down the filters as the whole of the response. */
static int pass(request_rec *r, apr_bucket *b)
{
    apr_bucket_alloc_t *alloc = r->connection->bucket_alloc;
    apr_bucket_brigade *brigade = apr_brigade_create(r->pool, alloc);

    if (b) {
        ap_set_content_length(r, (apr_off_t)b->length);
        APR_BRIGADE_INSERT_TAIL(brigade, b);
    }
    APR_BRIGADE_INSERT_TAIL(brigade, apr_bucket_eos_create(alloc));
    /* A client that went away is no failure of ours; the connection knows. */
    (void)ap_pass_brigade(r->output_filters, brigade);
    return OK;
}

/* Forgets what was asked of an answer and does not fit ours. A list is no file to be fetched in pieces; the
 * reference answers a Range with the whole. And a catalog has no date (RFC 9110 13.1.3, 13.1.4): httpd would
 * compare with the time of the request. */
static void drop_unfit_conditions(request_rec *r)
{
    static const char *const names[] = {"Range", "Request-Range", "If-Modified-Since", "If-Unmodified-Since"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        apr_table_unset(r->headers_in, names[i]);
    }
}

static int send_json(request_rec *r, int status, json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    if (!text) {
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    const char *line = apr_pstrcat(r->pool, text, "\n", NULL);
    free(text);
    apr_bucket *b = apr_bucket_pool_create(line, strlen(line), r->pool, r->connection->bucket_alloc);
    r->status = status;
    r->status_line = NULL;
    ap_set_content_type(r, JSON_TYPE);
    return pass(r, b);
}

int mcpr_respond_error(request_rec *r, int status, const char *text)
{
    /* An error is of the moment; some caches would keep a 404 for a while. */
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    return send_json(r, status, json_pack("{s:s}", "error", text));
}

int mcpr_respond_store_error(request_rec *r, mcpr_store_status status)
{
    if (status == MCPR_STORE_UNAVAILABLE) {
        apr_table_setn(r->err_headers_out, "Retry-After", RETRY_SECONDS);
        return mcpr_respond_error(r, HTTP_SERVICE_UNAVAILABLE,
                                  "service unavailable: the registry's database is away");
    }
    return mcpr_respond_error(r, HTTP_INTERNAL_SERVER_ERROR, "internal server error");
}

int mcpr_respond_json(request_rec *r, json_t *object)
{
    drop_unfit_conditions(r);
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    return send_json(r, HTTP_OK, object);
}

int mcpr_respond_no_content(request_rec *r)
{
    r->status = HTTP_NO_CONTENT;
    return pass(r, NULL);
}

/* Sends a page; `lent` is the same page when it came out of the cache, and its reference is given back here.
 */
static int send_page(request_rec *r, const char *type, const mcpr_page *page, const mcpr_page *lent)
{
    /* A copy: the headers may be looked at after the page has been given back. */
    apr_table_setn(r->headers_out, "ETag", apr_pstrdup(r->pool, page->etag));
    apr_table_setn(r->headers_out, "Cache-Control", "no-cache");
    apr_table_mergen(r->headers_out, "Vary", "Accept-Encoding");
    drop_unfit_conditions(r);

    int conditions = ap_meets_conditions(r);
    if (conditions != OK) {
        if (lent) {
            mcpr_page_release(lent);
        }
        return conditions == HTTP_PRECONDITION_FAILED
                   ? mcpr_respond_error(r, conditions, "precondition failed: the page is another one by now")
                   : conditions;
    }
    if (page->gzip) {
        apr_table_setn(r->headers_out, "Content-Encoding", "gzip");
    }
    ap_set_content_type(r, type);
    apr_bucket_alloc_t *alloc = r->connection->bucket_alloc;
    return pass(r, lent ? mcpr_page_bucket(lent, alloc)
                        : apr_bucket_pool_create(page->body, page->len, r->pool, alloc));
}

static int wants_gzip(const mcpr_request *q)
{
    return q->instance->settings->compress &&
           mcpr_accepts_gzip(apr_table_get(q->r->headers_in, "Accept-Encoding"));
}

int mcpr_respond_document(mcpr_request *q, const mcpr_document *document)
{
    return send_page(q->r, document->type, wants_gzip(q) ? &document->packed : &document->plain, NULL);
}

int mcpr_respond_page(mcpr_request *q, const char *key, mcpr_producer *produce, void *baton)
{
    request_rec *r = q->r;
    const mcpr_instance *instance = q->instance;
    int pack = wants_gzip(q);
    mcpr_stamp stamp;
    int known = instance->cache && mcpr_generation_now(instance->generation, &stamp);

    key = apr_pstrcat(r->pool, pack ? "gzip " : "plain ", key, NULL);
    const mcpr_page *kept = known ? mcpr_page_cache_get(instance->cache, key, &stamp) : NULL;
    ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r, "page from %s: %s", kept ? "memory" : "PostgreSQL", key);
    if (kept) {
        return send_page(r, JSON_TYPE, kept, kept);
    }

    apr_pool_t *scratch;
    mcpr_body body = {NULL, 0, 0};
    apr_pool_create(&scratch, r->pool);
    int answered = 0, rc = produce(q, baton, &body, &answered, scratch);
    if (answered) {
        apr_pool_destroy(scratch);
        return rc;
    }
    mcpr_page page;
    mcpr_page_make(&page, body.text, body.len, pack, scratch);
    page.body = apr_pmemdup(r->pool, page.body, page.len);
    apr_pool_destroy(scratch);
    if (known && body.generation >= stamp.number) {
        stamp.number = body.generation; /* a page never carries a newer number than its bytes */
        mcpr_page_cache_put(instance->cache, key, &stamp, &page);
    }
    return send_page(r, JSON_TYPE, &page, NULL);
}
