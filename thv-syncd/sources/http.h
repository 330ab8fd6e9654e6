/*
 * HTTP for sources: GET of one document, within bounds (spec sync.md 1).
 *
 * Redirects are followed to http and https alone; user:password@ in a URL becomes Basic authentication, which
 * no other host gets. TLS is at least 1.2 and always verified, against the system's authorities or those that
 * SSL_CERT_FILE and SSL_CERT_DIR name. Proxies are those of HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either
 * letter case. Whatever is waited for, the pulse runs.
 *
 * A client keeps its connection for the next request; it belongs to one thread.
 */
#ifndef THV_SYNCD_SOURCES_HTTP_H
#define THV_SYNCD_SOURCES_HTTP_H

#include "common/util/attributes.h"
#include "thv-syncd/status.h"
#include <apr_pools.h>
#include <apr_time.h>

/** The bounds of each request of a client. */
typedef struct mcpr_http_bounds {
    apr_interval_time_t timeout; /* of the whole exchange, so that a slow one needs no bound of its own */
    apr_int64_t body_bytes;      /* counted after decoding */
} mcpr_http_bounds;

typedef struct mcpr_http mcpr_http;

/** What a request asks for. */
typedef struct mcpr_http_request {
    const char *url;
    apr_int64_t body_bytes;           /* a smaller bound for this one, 0: the client's */
    const char *etag, *last_modified; /* set: 304 is an answer too */
    const char *token;                /* a bearer token, for the URL's own scheme, host and port; or NULL */
    int shows_query;                  /* messages may show the URL's query: there is no secret in it */
} mcpr_http_request;

typedef struct mcpr_http_answer {
    const char *data; /* of 200; not terminated */
    apr_size_t len;
    int unchanged;                    /* 304: what etag and last_modified of the request stand for still is */
    const char *etag, *last_modified; /* NULL when the server sent none */
    apr_time_t date;                  /* when the server made the answer, by its clock; 0: it does not say */
} mcpr_http_answer;

/** Makes the process ready: call it once, before the first thread. */
void mcpr_http_start(void);

/** A client in `pool`. */
mcpr_http *mcpr_http_create(const mcpr_http_bounds *bounds, const mcpr_pulse *pulse, apr_pool_t *pool);

/**
 * Gets a document; all of the answer lives in `pool`. On failure *error is the reason in the words of spec
 * sync.md 7.5, cleaned, in `pool`. MCPR_ESTOPPED and APR_TIMEUP are the pulse's.
 */
MCPR_MUSTCHECK apr_status_t mcpr_http_get(mcpr_http *client, const mcpr_http_request *request,
                                          mcpr_http_answer *answer, const char **error, apr_pool_t *pool);

/** `value` escaped for a query, in `pool`. */
const char *mcpr_http_escape(const char *value, apr_pool_t *pool);

/** `url` as messages show it: without userinfo, "?…" for its query, cleaned, in `pool`. */
const char *mcpr_http_shown(const char *url, apr_pool_t *pool);

/** The same with its query. */
const char *mcpr_http_shown_whole(const char *url, apr_pool_t *pool);

#endif
