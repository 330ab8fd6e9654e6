/*
 * One exchange: what comes in, and what is made of it. For http.c only.
 */
#ifndef THV_SYNCD_SOURCES_HTTP_EXCHANGE_H
#define THV_SYNCD_SOURCES_HTTP_EXCHANGE_H

#include "thv-syncd/sources/buffer.h"
#include "thv-syncd/sources/http.h"
#include <curl/curl.h>

#define MCPR_HTTP_REDIRECTS    10
#define MCPR_HTTP_HEADER_BYTES (256 * 1024)

/** Why we ended a transfer ourselves. */
typedef enum mcpr_http_end {
    MCPR_HTTP_GOES_ON,
    MCPR_HTTP_NOT_200,
    MCPR_HTTP_DECLARED_TOO_LARGE,
    MCPR_HTTP_TOO_LARGE,
    MCPR_HTTP_HEADERS_TOO_LARGE,
    MCPR_HTTP_NO_MEMORY
} mcpr_http_end;

typedef struct mcpr_http_exchange {
    const mcpr_http_request *request;
    apr_int64_t body_bytes; /* the bound */
    mcpr_buffer *body;
    apr_size_t header_bytes;       /* of all answers, redirects included */
    int status;                    /* of the last answer, 0 before there is one */
    const char *status_line;       /* "404 Not Found", as received */
    apr_int64_t declared;          /* its Content-Length, -1 when there is none */
    int has_location, has_headers; /* it redirects; all its headers are there */
    const char *etag, *last_modified;
    apr_time_t date; /* 0: none */
    mcpr_http_end end;
    char words[CURL_ERROR_SIZE]; /* of libcurl, about a failure */
    apr_pool_t *pool;
} mcpr_http_exchange;

/** libcurl's callbacks; the last argument is the exchange. */
size_t mcpr_http_take_header(char *line, size_t size, size_t count, void *exchange);
size_t mcpr_http_take_body(char *bytes, size_t size, size_t count, void *exchange);

/** The reason of a failed exchange, NULL when it is an answer: 200, or a 304 that was asked for. */
const char *mcpr_http_failure(const mcpr_http_exchange *exchange, CURLcode code);

#endif
