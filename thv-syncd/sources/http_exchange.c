/*
 * What comes in: headers and body, with their bounds, and the words for what went wrong.
 */
#include "thv-syncd/sources/http_exchange.h"
#include "common/util/utf8.h"
#include "thv-syncd/sources/source.h"
#include <apr_date.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORDS_SHOWN 512
#define TAG_BYTES   1024 /* a longer ETag or date is not kept */

/* --- headers */

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void trim(const char **text, apr_size_t *len)
{
    while (*len && is_blank((*text)[*len - 1])) {
        --*len;
    }
    while (*len && is_blank(**text)) {
        ++*text;
        --*len;
    }
}

/* A new answer begins: "HTTP/1.1 404 Not Found". */
static void begin_answer(mcpr_http_exchange *x, const char *line, apr_size_t len)
{
    const char *text = memchr(line, ' ', len);

    len = text ? len - (apr_size_t)(text - line) : 0;
    text = text ? text : "";
    trim(&text, &len);
    x->status_line = mcpr_utf8_clean(text, len, WORDS_SHOWN, x->pool);
    x->status = atoi(x->status_line);
    x->declared = -1;
    x->has_location = x->has_headers = 0;
    x->etag = x->last_modified = NULL;
    x->date = 0;
}

static const char *kept(const mcpr_http_exchange *x, const char *value, apr_size_t len)
{
    return len && len <= TAG_BYTES ? apr_pstrmemdup(x->pool, value, len) : NULL;
}

static void take_length(mcpr_http_exchange *x, const char *value, apr_size_t len)
{
    char digits[24];

    if (len < sizeof digits) {
        memcpy(digits, value, len);
        digits[len] = '\0';
        x->declared = apr_atoi64(digits);
    }
}

static void take_location(mcpr_http_exchange *x, const char *value, apr_size_t len)
{
    (void)value;
    x->has_location = len > 0;
}

static void take_etag(mcpr_http_exchange *x, const char *value, apr_size_t len)
{
    x->etag = kept(x, value, len);
}

static void take_last_modified(mcpr_http_exchange *x, const char *value, apr_size_t len)
{
    x->last_modified = kept(x, value, len);
}

static void take_date(mcpr_http_exchange *x, const char *value, apr_size_t len)
{
    const char *text = kept(x, value, len);

    x->date = text ? apr_date_parse_http(text) : 0;
}

static const struct {
    const char *name;
    void (*take)(mcpr_http_exchange *x, const char *value, apr_size_t len);
} headers[] = {
    {"Content-Length", take_length       },
    {"Date",           take_date         },
    {"ETag",           take_etag         },
    {"Last-Modified",  take_last_modified},
    {"Location",       take_location     },
};

static void take_field(mcpr_http_exchange *x, const char *line, apr_size_t len)
{
    const char *colon = memchr(line, ':', len);
    apr_size_t name = colon ? (apr_size_t)(colon - line) : 0;

    for (apr_size_t i = 0; colon && i < sizeof headers / sizeof *headers; i++) {
        if (strlen(headers[i].name) == name && strncasecmp(headers[i].name, line, name) == 0) {
            const char *value = colon + 1;
            apr_size_t rest = len - name - 1;

            trim(&value, &rest);
            headers[i].take(x, value, rest);
        }
    }
}

static int is_answer(const mcpr_http_exchange *x)
{
    return x->status == 200 ||
           (x->status == 304 && (x->request->etag || x->request->last_modified) && !x->has_location);
}

/* All headers of an answer are there: is its body worth waiting for? */
static mcpr_http_end judge(const mcpr_http_exchange *x)
{
    if (x->status < 200 || (x->status >= 300 && x->status < 400 && x->has_location)) {
        return MCPR_HTTP_GOES_ON;
    }
    if (!is_answer(x)) {
        return MCPR_HTTP_NOT_200;
    }
    return x->status == 200 && x->declared > x->body_bytes ? MCPR_HTTP_DECLARED_TOO_LARGE : MCPR_HTTP_GOES_ON;
}

size_t mcpr_http_take_header(char *line, size_t size, size_t count, void *exchange)
{
    mcpr_http_exchange *x = exchange;
    apr_size_t len = size * count;

    x->header_bytes += len;
    if (x->header_bytes > MCPR_HTTP_HEADER_BYTES) {
        x->end = MCPR_HTTP_HEADERS_TOO_LARGE;
        return 0;
    }
    if (len >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        begin_answer(x, line, len);
    } else if (len && (*line == '\r' || *line == '\n')) {
        x->has_headers = 1;
        x->end = judge(x);
    } else {
        take_field(x, line, len);
    }
    return x->end == MCPR_HTTP_GOES_ON ? len : 0;
}

/* --- body */

size_t mcpr_http_take_body(char *bytes, size_t size, size_t count, void *exchange)
{
    mcpr_http_exchange *x = exchange;
    apr_size_t len = size * count;

    if ((apr_int64_t)(x->body->len + len) > x->body_bytes) {
        x->end = MCPR_HTTP_TOO_LARGE;
    } else if (mcpr_buffer_append(x->body, bytes, len) != APR_SUCCESS) {
        x->end = MCPR_HTTP_NO_MEMORY;
    }
    return x->end == MCPR_HTTP_GOES_ON ? len : 0;
}

/* --- words */

static const char *libcurl_words(const mcpr_http_exchange *x, CURLcode code)
{
    const char *words = *x->words ? x->words : curl_easy_strerror(code);

    if (code == CURLE_TOO_MANY_REDIRECTS) {
        return apr_psprintf(x->pool, "stopped after %d redirects", MCPR_HTTP_REDIRECTS);
    }
    return mcpr_utf8_clean(words, strlen(words), WORDS_SHOWN, x->pool);
}

static const char *libcurl_failure(const mcpr_http_exchange *x, CURLcode code)
{
    const char *step = "execute request";

    if (code == CURLE_URL_MALFORMAT && x->status == 0) {
        step = "create request";
    } else if (x->status == 200 && x->has_headers) {
        step = "read response body";
    }
    return apr_psprintf(x->pool, "failed to %s: %s", step, libcurl_words(x, code));
}

const char *mcpr_http_failure(const mcpr_http_exchange *x, CURLcode code)
{
    switch (x->end) {
    case MCPR_HTTP_GOES_ON: break;
    case MCPR_HTTP_DECLARED_TOO_LARGE: return mcpr_source_too_large(x->declared, x->body_bytes, x->pool);
    case MCPR_HTTP_TOO_LARGE: return mcpr_source_too_large(-1, x->body_bytes, x->pool);
    case MCPR_HTTP_NO_MEMORY: return "failed to read response body: no memory";
    case MCPR_HTTP_HEADERS_TOO_LARGE:
        return apr_psprintf(x->pool, "failed to execute request: headers are larger than %d bytes",
                            MCPR_HTTP_HEADER_BYTES);
    case MCPR_HTTP_NOT_200: code = CURLE_OK; break;
    }
    if (code != CURLE_OK) {
        return libcurl_failure(x, code);
    }
    if (is_answer(x)) {
        return NULL;
    }
    return apr_psprintf(x->pool, "HTTP %d for URL %s: %s", x->status,
                        x->request->shows_query ? mcpr_http_shown_whole(x->request->url, x->pool)
                                                : mcpr_http_shown(x->request->url, x->pool),
                        x->status_line);
}
