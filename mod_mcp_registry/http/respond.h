/*
 * Responses: what handlers send to a client (mod_status prints its block itself, in api/status.h).
 */
#ifndef MCPR_HTTP_RESPOND_H
#define MCPR_HTTP_RESPOND_H

#include "mod_mcp_registry/http/page.h"
#include "mod_mcp_registry/http/request.h"
#include "mod_mcp_registry/store/catalog.h"
#include <jansson.h>

/** The headers that every response under a mount has, errors by httpd itself included; called first. */
void mcpr_respond_common_headers(mcpr_request *q, const char *resource_policy);

/** {"error": "text"} with `status`. */
int mcpr_respond_error(request_rec *r, int status, const char *text);

/** 503 with Retry-After, or 500: what a read that did not succeed is answered with. */
int mcpr_respond_store_error(request_rec *r, mcpr_store_status status);

/** `object` as the body of a 200; takes over the reference. Not cached by anybody. */
int mcpr_respond_json(request_rec *r, json_t *object);

/** An empty 204. */
int mcpr_respond_no_content(request_rec *r);

/** What a producer makes: the bytes of a 200 and the generation of the snapshot that they show. */
typedef struct mcpr_body {
    const char *text; /* in the pool that the producer was given */
    apr_size_t len;
    apr_uint64_t generation;
} mcpr_body;

/**
 * Makes the body of a page, in `pool`, which goes as soon as the page is made: rows and texts need not wait
 * for a slow client to be gone. Returns 0, or what the handler shall return when it has answered otherwise
 * (an error).
 */
typedef int mcpr_producer(mcpr_request *q, void *baton, mcpr_body *body, int *answered, apr_pool_t *pool);

/**
 * A page of JSON: from the cache when one is there under `key` that shows the present catalog, else by
 * `produce`; compressed when the client likes it; 304 when the client has it (strong ETag, RFC 9110 13).
 */
int mcpr_respond_page(mcpr_request *q, const char *key, mcpr_producer *produce, void *baton);

/** A document that never changes, with its own content type; compressed and conditional as pages are. */
int mcpr_respond_document(mcpr_request *q, const mcpr_document *document);

#endif
