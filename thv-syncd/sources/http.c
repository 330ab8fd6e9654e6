/*
 * The HTTP client: libcurl with our settings, driven step by step so that the pulse runs.
 */
#include "thv-syncd/sources/http.h"
#include "common/util/clock.h"
#include "common/util/utf8.h"
#include "thv-syncd/sources/http_exchange.h"
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define USER_AGENT  "toolhive-registry-server/1.0"
#define SCHEMES     "http,https"
#define WAIT_MS     100
#define BEAT_EVERY  apr_time_from_msec(50)
#define SHOWN_BYTES 1024

struct mcpr_http {
    mcpr_http_bounds bounds;
    const mcpr_pulse *pulse;
    CURLM *multi;
    CURL *easy;
};

void mcpr_http_start(void)
{
    const char *proxy = getenv("HTTP_PROXY");

    /* libcurl ignores the upper-case name, since a CGI script would get it from its client. We are none. */
    if (proxy && !getenv("http_proxy")) {
        setenv("http_proxy", proxy, 0);
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        abort();
    }
}

static apr_status_t close_client(void *baton)
{
    mcpr_http *client = baton;

    curl_easy_cleanup(client->easy);
    curl_multi_cleanup(client->multi);
    return APR_SUCCESS;
}

/* What is the same for all requests. */
static void set_up(CURL *easy, const mcpr_http_bounds *bounds)
{
    long timeout_ms = (long)apr_time_as_msec(bounds->timeout);
    const char *authorities = getenv("SSL_CERT_FILE"), *folder = getenv("SSL_CERT_DIR");

    timeout_ms = timeout_ms > 0 ? timeout_ms : 1;
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);   /* workers are threads */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a stop does not wait for the resolver */
    curl_easy_setopt(easy, CURLOPT_USERAGENT, USER_AGENT);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1); /* it has words beside its codes */
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, SCHEMES);
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, SCHEMES);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, (long)MCPR_HTTP_REDIRECTS);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, timeout_ms);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, mcpr_http_take_header);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, mcpr_http_take_body);
    if (authorities && *authorities) {
        curl_easy_setopt(easy, CURLOPT_CAINFO, authorities);
    }
    if (folder && *folder) {
        curl_easy_setopt(easy, CURLOPT_CAPATH, folder);
    }
}

mcpr_http *mcpr_http_create(const mcpr_http_bounds *bounds, const mcpr_pulse *pulse, apr_pool_t *pool)
{
    mcpr_http *client = apr_pcalloc(pool, sizeof *client);

    client->bounds = *bounds;
    client->pulse = pulse;
    client->multi = curl_multi_init();
    client->easy = curl_easy_init();
    if (!client->multi || !client->easy) {
        abort();
    }
    apr_pool_cleanup_register(pool, client, close_client, apr_pool_cleanup_null);
    set_up(client->easy, bounds);
    return client;
}

static struct curl_slist *with_header(struct curl_slist *list, const char *name, const char *value,
                                      apr_pool_t *pool)
{
    struct curl_slist *longer =
        value ? curl_slist_append(list, apr_pstrcat(pool, name, ": ", value, NULL)) : list;

    if (!longer) {
        abort();
    }
    return longer;
}

/* Runs the transfer to its end, or until the pulse ends it. */
static apr_status_t run(mcpr_http *client, CURLcode *code)
{
    apr_status_t status = APR_SUCCESS;
    apr_time_t beaten = 0;
    CURLMsg *message;
    int running = 1, left;

    while (running) {
        apr_time_t now = mcpr_clock();

        if (now - beaten > BEAT_EVERY) {
            beaten = now;
            status = mcpr_pulse_beat(client->pulse);
        }
        if (status != APR_SUCCESS || curl_multi_perform(client->multi, &running) != CURLM_OK) {
            break;
        }
        if (running) {
            (void)curl_multi_poll(client->multi, NULL, 0, WAIT_MS, NULL);
        }
    }
    *code = CURLE_FAILED_INIT; /* unless the transfer came to an end */
    while ((message = curl_multi_info_read(client->multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *code = message->data.result;
        }
    }
    return status;
}

static apr_status_t transfer(mcpr_http *client, mcpr_http_exchange *x, CURLcode *code)
{
    const mcpr_http_request *request = x->request;
    struct curl_slist *fields = with_header(NULL, "Accept", "application/json", x->pool);
    apr_status_t status;

    fields = with_header(fields, "If-None-Match", request->etag, x->pool);
    fields = with_header(fields, "If-Modified-Since", request->last_modified, x->pool);
    curl_easy_setopt(client->easy, CURLOPT_URL, request->url);
    curl_easy_setopt(client->easy, CURLOPT_HTTPHEADER, fields);
    /* Not a header of ours: libcurl knows that another host must not get it. */
    curl_easy_setopt(client->easy, CURLOPT_HTTPAUTH,
                     (long)(request->token ? CURLAUTH_BEARER : CURLAUTH_BASIC));
    curl_easy_setopt(client->easy, CURLOPT_XOAUTH2_BEARER, request->token);
    curl_easy_setopt(client->easy, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(client->easy, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(client->easy, CURLOPT_ERRORBUFFER, x->words);
    if (curl_multi_add_handle(client->multi, client->easy) != CURLM_OK) {
        abort();
    }
    status = run(client, code);
    curl_multi_remove_handle(client->multi, client->easy);
    curl_easy_setopt(client->easy, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(client->easy, CURLOPT_ERRORBUFFER, NULL);
    curl_slist_free_all(fields);
    return status;
}

apr_status_t mcpr_http_get(mcpr_http *client, const mcpr_http_request *request, mcpr_http_answer *answer,
                           const char **error, apr_pool_t *pool)
{
    mcpr_http_exchange x = {.request = request, .declared = -1, .status_line = "", .pool = pool};
    CURLcode code;
    apr_status_t status;

    x.body = mcpr_buffer_create(pool);
    x.body_bytes = request->body_bytes ? request->body_bytes : client->bounds.body_bytes;
    memset(answer, 0, sizeof *answer);
    status = transfer(client, &x, &code);
    if (status != APR_SUCCESS) {
        *error = "stopped";
        return status;
    }
    *error = mcpr_http_failure(&x, code);
    if (*error) {
        mcpr_buffer_drop(x.body);
        return APR_EGENERAL;
    }
    answer->unchanged = x.status != 200;
    answer->data = x.body->data ? x.body->data : "";
    answer->len = x.body->len;
    answer->etag = x.etag;
    answer->last_modified = x.last_modified;
    answer->date = x.date;
    return APR_SUCCESS;
}

const char *mcpr_http_escape(const char *value, apr_pool_t *pool)
{
    char *escaped = curl_easy_escape(NULL, value, 0);
    const char *copy;

    if (!escaped) {
        abort();
    }
    copy = apr_pstrdup(pool, escaped);
    curl_free(escaped);
    return copy;
}

/* A query may be a signature or a token. Cleaned first: a password may hold a '?'. */
const char *mcpr_http_shown(const char *url, apr_pool_t *pool)
{
    const char *clean = mcpr_http_shown_whole(url, pool), *query = strchr(clean, '?');

    return query ? apr_psprintf(pool, "%.*s?\xe2\x80\xa6", (int)(query - clean), clean) : clean;
}

const char *mcpr_http_shown_whole(const char *url, apr_pool_t *pool)
{
    return mcpr_utf8_clean(url, strlen(url), SHOWN_BYTES, pool);
}
