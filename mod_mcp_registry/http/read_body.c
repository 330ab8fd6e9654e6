/* Reading a body: one brigade after the other, until it ends or is too long; what httpd finds wrong with it
 * is said in our words. */
#include "mod_mcp_registry/http/read_body.h"

#include "mod_mcp_registry/http/respond.h"
#include <http_core.h>
#include <http_protocol.h>
#include <string.h>
#include <util_filter.h>

#define BLOCK 65536

/* A buffer that doubles, so that a short body takes little whatever the bound is. */
typedef struct buffer {
    char *data;
    apr_size_t len, size;
} buffer;

static void append(buffer *b, const char *bytes, apr_size_t len, apr_pool_t *pool)
{
    if (b->size - b->len <= len) {
        apr_size_t size = (b->len + len) * 2 + 1;
        char *data = apr_palloc(pool, size);
        if (b->len) {
            memcpy(data, b->data, b->len);
        }
        b->data = data;
        b->size = size;
    }
    memcpy(b->data + b->len, bytes, len);
    b->len += len;
    b->data[b->len] = '\0';
}

/* Takes what a brigade holds; without a buffer it is thrown away. Returns 0 or a status; *ended is set at the
 * end of the body. */
static int take(request_rec *r, apr_bucket_brigade *brigade, apr_off_t most, buffer *b, int *ended)
{
    for (apr_bucket *e = APR_BRIGADE_FIRST(brigade); e != APR_BRIGADE_SENTINEL(brigade);
         e = APR_BUCKET_NEXT(e)) {
        const char *bytes;
        apr_size_t len;
        if (APR_BUCKET_IS_EOS(e)) {
            *ended = 1;
            return 0;
        }
        if (APR_BUCKET_IS_METADATA(e)) {
            continue;
        }
        if (apr_bucket_read(e, &bytes, &len, APR_BLOCK_READ) != APR_SUCCESS) {
            return HTTP_BAD_REQUEST;
        }
        if (b && (apr_off_t)(b->len + len) > most) {
            return HTTP_REQUEST_ENTITY_TOO_LARGE;
        }
        if (b) {
            append(b, bytes, len, r->pool);
        }
    }
    return 0;
}

/* Whether the client says itself that its body is longer than `most` or LimitRequestBody. httpd has refused a
 * length that is no number. */
static int announces_more(request_rec *r, apr_off_t most)
{
    const char *text = apr_table_get(r->headers_in, "Content-Length");
    apr_off_t length, limit = ap_get_limit_req_body(r);

    return text && ap_parse_strict_length(&length, text) && (length > most || (limit > 0 && length > limit));
}

static ap_filter_rec_t *catcher;

/* Keeps back the page that httpd's input filter sends when it does not like what it reads; its status goes to
 * the int at f->ctx. */
static apr_status_t catch_error(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    for (apr_bucket *e = APR_BRIGADE_FIRST(brigade); e != APR_BRIGADE_SENTINEL(brigade);
         e = APR_BUCKET_NEXT(e)) {
        if (AP_BUCKET_IS_ERROR(e)) {
            *(int *)f->ctx = ((ap_bucket_error *)e->data)->status;
            apr_brigade_cleanup(brigade);
            return AP_FILTER_ERROR;
        }
    }
    return ap_pass_brigade(f->next, brigade);
}

void mcpr_body_register(void)
{
    catcher = ap_register_output_filter("MCP_REGISTRY_BODY", catch_error, NULL, AP_FTYPE_RESOURCE);
}

/* Reads to the end. Returns 0 or a status. */
static int read_all(request_rec *r, apr_off_t most, buffer *b)
{
    apr_bucket_brigade *brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    int ended = 0, status = 0, caught = 0;
    ap_filter_t *filter = ap_add_output_filter_handle(catcher, &caught, r, r->connection);

    while (!ended && status == 0) {
        apr_status_t rv = ap_get_brigade(r->input_filters, brigade, AP_MODE_READBYTES, APR_BLOCK_READ, BLOCK);
        status = rv == APR_SUCCESS ? take(r, brigade, most, b, &ended)
                                   : ap_map_http_request_error(rv, HTTP_BAD_REQUEST);
        apr_brigade_cleanup(brigade);
    }
    ap_remove_output_filter(filter);
    return caught ? caught : status;
}

static int complain(request_rec *r, int status)
{
    switch (status) {
    case AP_FILTER_ERROR: return status; /* httpd has answered */
    case HTTP_REQUEST_ENTITY_TOO_LARGE: return mcpr_respond_error(r, status, "request body too large");
    case HTTP_REQUEST_TIME_OUT: return mcpr_respond_error(r, status, "the request body did not come in time");
    default: return mcpr_respond_error(r, HTTP_BAD_REQUEST, "the request body could not be read to its end");
    }
}

int mcpr_body_read(mcpr_request *q, apr_off_t most, const char **text, apr_size_t *len, int *rc)
{
    buffer b = {NULL, 0, 0};

    append(&b, "", 0, q->r->pool);
    /* Asked before the first byte is read: a client that expects 100 need not send the body at all. */
    int status = announces_more(q->r, most) ? HTTP_REQUEST_ENTITY_TOO_LARGE : read_all(q->r, most, &b);

    *text = b.data;
    *len = b.len;
    *rc = status == 0 ? OK : complain(q->r, status);
    return status == 0;
}

int mcpr_body_discard(mcpr_request *q, int *rc)
{
    const apr_table_t *headers = q->r->headers_in;
    int status = 0;

    if (apr_table_get(headers, "Content-Length") || apr_table_get(headers, "Transfer-Encoding")) {
        status =
            announces_more(q->r, APR_INT64_MAX) ? HTTP_REQUEST_ENTITY_TOO_LARGE : read_all(q->r, 0, NULL);
    }
    *rc = status == 0 ? OK : complain(q->r, status);
    return status == 0;
}
