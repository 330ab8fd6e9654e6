/*
 * The transport: a site has one connection's worth of state, a stream is one request and its answer.
 *
 * libgit2 pulls: it writes a request, then reads the answer piece by piece. curl's multi interface is driven
 * until there is a piece.
 */
#include "thv-syncd/sources/git_http.h"
#include "common/util/utf8.h"
#include "thv-syncd/sources/git_url.h"
#include "thv-syncd/sources/http.h"
#include <apr_strings.h>
#include <curl/curl.h>
#include <git2.h>
#include <git2/sys/transport.h>
#include <stdlib.h>
#include <string.h>

#define REDIRECTS_MOST  10
#define CONNECT_SECONDS 30L
#define SILENCE_SECONDS 120L
#define WAIT_MS         1000
#define OFFER_MOST      ((apr_int64_t)64 << 20) /* what a server says it has: they stay in memory */
#define REFS            "/info/refs"
#define REFS_QUERY      "?service=git-upload-pack"
#define USER_AGENT      "git/2.0 (thv-syncd)"

typedef struct site {
    git_smart_subtransport parent;
    mcpr_git_http *http;
    CURL *curl;
    CURLM *multi;
    const char *base; /* of the repository, after redirects */
    int is_trusted;   /* base is where the credentials belong */
} site;

typedef struct stream {
    git_smart_subtransport_stream parent;
    site *site;
    const char *url;
    int is_post, is_started, is_done, is_too_much;
    CURLcode code; /* once done */
    apr_int64_t received;
    struct curl_slist *headers;
    char reason[CURL_ERROR_SIZE];
    char *request;
    size_t request_len;
    char *data; /* received, from `begin` to `end` not read yet */
    size_t begin, end, size;
} stream;

static const struct service {
    const char *suffix, *accepts, *sends;
} services[] = {
    {REFS REFS_QUERY,    "application/x-git-upload-pack-advertisement", NULL                                   },
    {"/git-upload-pack", "application/x-git-upload-pack-result",        "application/x-git-upload-pack-request"},
};

static int fail(int code, const char *text)
{
    git_error_set_str(GIT_ERROR_HTTP, text);
    return code;
}

static const char *shown(const stream *self)
{
    return mcpr_utf8_clean(self->url, strlen(self->url), 512, self->site->http->pool);
}

/* --- the answer as it comes in */

static size_t take(char *bytes, size_t one, size_t count, void *baton)
{
    stream *self = baton;
    size_t len = one * count;
    long status = 0;

    self->received += (apr_int64_t)len;
    self->site->http->received += (apr_int64_t)len;
    if (self->site->http->received > self->site->http->received_most ||
        (!self->is_post && self->received > OFFER_MOST)) {
        self->is_too_much = 1;
        return 0;
    }
    curl_easy_getinfo(self->site->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) {
        return len; /* what a refusal says is not for us */
    }
    if (self->end + len > self->size) {
        size_t size = (self->end + len) * 2;
        char *data = realloc(self->data, size);

        if (!data) {
            return 0;
        }
        self->data = data;
        self->size = size;
    }
    memcpy(self->data + self->end, bytes, len);
    self->end += len;
    return len;
}

/* Runs until there is something to read, or the end. */
static void pump(stream *self)
{
    int running, left;

    while (self->begin == self->end && !self->is_done) {
        CURLMsg *message;

        self->begin = self->end = 0;
        if (curl_multi_perform(self->site->multi, &running) != CURLM_OK) {
            self->is_done = 1;
            self->code = CURLE_FAILED_INIT;
        }
        while ((message = curl_multi_info_read(self->site->multi, &left))) {
            if (message->msg == CURLMSG_DONE) {
                self->is_done = 1;
                self->code = message->data.result;
            }
        }
        if (self->begin == self->end && !self->is_done) {
            (void)curl_multi_poll(self->site->multi, NULL, 0, WAIT_MS, NULL);
        }
    }
}

/* --- the request */

static void add_header(stream *self, const char *name, const char *value)
{
    const char *line = apr_pstrcat(self->site->http->pool, name, value, NULL);
    struct curl_slist *longer = curl_slist_append(self->headers, line);

    self->headers = longer ? longer : self->headers;
}

static void set_options(stream *self)
{
    const site *s = self->site;
    const struct service *service = &services[self->is_post];
    const char *ca_file = getenv("SSL_CERT_FILE"), *ca_folder = getenv("SSL_CERT_DIR");

    curl_easy_reset(s->curl);
    curl_easy_setopt(s->curl, CURLOPT_URL, self->url);
    curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, self);
    curl_easy_setopt(s->curl, CURLOPT_ERRORBUFFER, self->reason);
    curl_easy_setopt(s->curl, CURLOPT_USERAGENT, USER_AGENT);
    curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(s->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(s->curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
    curl_easy_setopt(s->curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(s->curl, CURLOPT_LOW_SPEED_TIME, SILENCE_SECONDS);
    if (ca_file && *ca_file) {
        curl_easy_setopt(s->curl, CURLOPT_CAINFO, ca_file);
    }
    if (ca_folder && *ca_folder) {
        curl_easy_setopt(s->curl, CURLOPT_CAPATH, ca_folder);
    }
    if (s->is_trusted && s->http->username) {
        curl_easy_setopt(s->curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
        curl_easy_setopt(s->curl, CURLOPT_USERNAME, s->http->username);
        curl_easy_setopt(s->curl, CURLOPT_PASSWORD, s->http->password);
    }
    add_header(self, "Accept: ", service->accepts);
    if (self->is_post) {
        add_header(self, "Content-Type: ", service->sends);
        add_header(self, "Expect:", "");
        curl_easy_setopt(s->curl, CURLOPT_POST, 1L);
        curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, self->request ? self->request : "");
        curl_easy_setopt(s->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)self->request_len);
    }
    curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, self->headers);
}

static void forget_request(stream *self)
{
    (void)curl_multi_remove_handle(self->site->multi, self->site->curl);
    curl_slist_free_all(self->headers);
    self->headers = NULL;
    self->begin = self->end = 0;
    self->is_done = 0;
    self->reason[0] = '\0';
}

static int send_request(stream *self)
{
    set_options(self);
    if (curl_multi_add_handle(self->site->multi, self->site->curl) != CURLM_OK) {
        return fail(-1, "libcurl refuses the request");
    }
    pump(self);
    return 0;
}

/* --- what is wrong with an answer */

static int transfer_error(const stream *self)
{
    apr_pool_t *pool = self->site->http->pool;

    if (self->is_too_much) {
        return fail(-1, apr_psprintf(pool, "more than %" APR_INT64_T_FMT " bytes received from %s",
                                     self->received > OFFER_MOST && !self->is_post
                                         ? OFFER_MOST
                                         : self->site->http->received_most,
                                     shown(self)));
    }
    return fail(-1, apr_psprintf(pool, "failed to execute request: %s: %s", shown(self),
                                 self->reason[0] ? self->reason : curl_easy_strerror(self->code)));
}

static int status_error(const stream *self, long status)
{
    apr_pool_t *pool = self->site->http->pool;

    switch (status) {
    case 401:
        return fail(GIT_EAUTH,
                    apr_psprintf(pool, "authentication %s: HTTP 401 for URL %s",
                                 self->site->is_trusted && self->site->http->username ? "failed" : "required",
                                 shown(self)));
    case 403:
        return fail(GIT_EAUTH, apr_psprintf(pool, "authorization failed: HTTP 403 for URL %s", shown(self)));
    case 404: return fail(-1, apr_psprintf(pool, "repository not found: HTTP 404 for URL %s", shown(self)));
    default: return fail(-1, apr_psprintf(pool, "HTTP %ld for URL %s", status, shown(self)));
    }
}

/* Looks at the head of an answer. 1 for a redirect. */
static int judge(const stream *self)
{
    char *type = NULL;
    long status = 0;

    if (self->is_done && self->code != CURLE_OK) {
        return transfer_error(self);
    }
    curl_easy_getinfo(self->site->curl, CURLINFO_RESPONSE_CODE, &status);
    if (!self->is_post && status >= 300 && status < 400 && status != 304) {
        return 1;
    }
    if (status != 200) {
        return status_error(self, status);
    }
    curl_easy_getinfo(self->site->curl, CURLINFO_CONTENT_TYPE, &type);
    if (!type || strcmp(type, services[self->is_post].accepts) != 0) {
        return fail(-1, apr_psprintf(self->site->http->pool,
                                     "not a git repository that this client can read: URL %s answers %s",
                                     shown(self), type ? type : "without a type"));
    }
    return 0;
}

/* Takes the next URL from a redirect. */
static int redirect(stream *self)
{
    apr_pool_t *pool = self->site->http->pool;
    const char *scheme, *next_scheme, *user, *password, *next, *here, *there;
    char *location = NULL;

    curl_easy_getinfo(self->site->curl, CURLINFO_REDIRECT_URL, &location);
    next = location ? mcpr_git_url_split(location, &user, &password, pool) : NULL;
    if (!next) {
        return fail(-1, apr_psprintf(pool, "a redirect without a usable location: URL %s", shown(self)));
    }
    here = mcpr_git_url_origin(self->url, &scheme, pool);
    there = mcpr_git_url_origin(next, &next_scheme, pool);
    if (strcmp(next_scheme, "https") != 0 &&
        (strcmp(next_scheme, "http") != 0 || strcmp(scheme, "http") != 0)) {
        return fail(-1, apr_psprintf(pool, "redirect from %s to %s refused", scheme, next_scheme));
    }
    if (strcasecmp(here, there) != 0 || strcmp(scheme, next_scheme) != 0) {
        self->site->is_trusted = 0;
    }
    forget_request(self);
    self->url = next;
    return 0;
}

/* After redirects the repository is where they led. */
static int settle(stream *self)
{
    apr_pool_t *pool = self->site->http->pool;
    size_t len = strcspn(self->url, "?"), suffix = strlen(REFS);

    if (self->is_post) {
        return 0;
    }
    if (len <= suffix || strncmp(self->url + len - suffix, REFS, suffix) != 0) {
        return fail(-1, apr_psprintf(pool, "redirected to %s, which is no repository", shown(self)));
    }
    self->site->base = apr_pstrmemdup(pool, self->url, len - suffix);
    return 0;
}

static int start(stream *self)
{
    int result = 1;

    for (int i = 0; result == 1 && i <= REDIRECTS_MOST; i++) {
        result = send_request(self);
        result = result == 0 ? judge(self) : result;
        if (result == 1 && i == REDIRECTS_MOST) {
            return fail(-1,
                        apr_psprintf(self->site->http->pool, "stopped after %d redirects", REDIRECTS_MOST));
        }
        if (result == 1 && redirect(self) < 0) {
            return -1;
        }
    }
    return result == 0 ? settle(self) : result;
}

/* --- what libgit2 calls */

static int stream_read(git_smart_subtransport_stream *parent, char *buffer, size_t most, size_t *got)
{
    stream *self = (stream *)parent;

    *got = 0;
    if (!self->is_started) {
        int result = start(self);

        if (result < 0) {
            return result;
        }
        self->is_started = 1;
    }
    pump(self);
    if (self->begin == self->end) {
        return self->code == CURLE_OK ? 0 : transfer_error(self);
    }
    *got = self->end - self->begin < most ? self->end - self->begin : most;
    memcpy(buffer, self->data + self->begin, *got);
    self->begin += *got;
    return 0;
}

static int stream_write(git_smart_subtransport_stream *parent, const char *buffer, size_t len)
{
    stream *self = (stream *)parent;
    char *request = self->is_started ? NULL : realloc(self->request, self->request_len + len + 1);

    if (!request) {
        return fail(-1, "no memory for a request");
    }
    memcpy(request + self->request_len, buffer, len);
    self->request = request;
    self->request_len += len;
    return 0;
}

static void stream_free(git_smart_subtransport_stream *parent)
{
    stream *self = (stream *)parent;

    forget_request(self);
    free(self->request);
    free(self->data);
    free(self);
}

static int site_action(git_smart_subtransport_stream **out, git_smart_subtransport *parent, const char *url,
                       git_smart_service_t action)
{
    site *self = (site *)parent;
    apr_pool_t *pool = self->http->pool;
    int is_post = action == GIT_SERVICE_UPLOADPACK;
    stream *made;

    if (!is_post && action != GIT_SERVICE_UPLOADPACK_LS) {
        return fail(-1, "this transport only fetches");
    }
    if (!is_post || !self->base) {
        size_t len = strlen(url);

        self->base = apr_pstrmemdup(pool, url, len && url[len - 1] == '/' ? len - 1 : len);
        self->is_trusted = 1;
    }
    made = calloc(1, sizeof *made);
    if (!made) {
        return fail(-1, "no memory");
    }
    *made = (stream){
        .parent = {.subtransport = parent, .read = stream_read, .write = stream_write, .free = stream_free},
        .site = self,
        .url = apr_pstrcat(pool, self->base, services[is_post].suffix, NULL),
        .is_post = is_post,
    };
    *out = &made->parent;
    return 0;
}

static int site_close(git_smart_subtransport *parent)
{
    (void)parent;
    return 0;
}

static void site_free(git_smart_subtransport *parent)
{
    site *self = (site *)parent;

    curl_easy_cleanup(self->curl);
    curl_multi_cleanup(self->multi);
    free(self);
}

static int site_create(git_smart_subtransport **out, git_transport *owner, void *param)
{
    site *self = calloc(1, sizeof *self);

    (void)owner;
    if (!self) {
        return fail(-1, "no memory");
    }
    *self = (site){
        .parent = {.action = site_action, .close = site_close, .free = site_free},
        .http = param,
        .curl = curl_easy_init(),
        .multi = curl_multi_init(),
    };
    if (!self->curl || !self->multi) {
        site_free(&self->parent);
        return fail(-1, "libcurl cannot be used");
    }
    *out = &self->parent;
    return 0;
}

apr_status_t mcpr_git_http_install(mcpr_git_http *http)
{
    git_smart_subtransport_definition *definition = apr_pcalloc(http->pool, sizeof *definition);

    *definition = (git_smart_subtransport_definition){.callback = site_create, .rpc = 1, .param = http};
    mcpr_http_start();
    return git_transport_register("http", git_transport_smart, definition) == 0 &&
                   git_transport_register("https", git_transport_smart, definition) == 0
               ? APR_SUCCESS
               : APR_EGENERAL;
}
