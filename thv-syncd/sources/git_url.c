/*
 * Kinds of repositories, and taking URLs apart with libcurl's parser: the one that will use them.
 */
#include "thv-syncd/sources/git_url.h"
#include <apr_lib.h>
#include <apr_strings.h>
#include <curl/curl.h>
#include <string.h>

static const struct {
    const char *scheme;
    mcpr_git_kind kind;
} schemes[] = {
    {"file",  MCPR_GIT_LOCAL},
    {"http",  MCPR_GIT_HTTP },
    {"https", MCPR_GIT_HTTP },
    {"ssh",   MCPR_GIT_SSH  },
    {"git",   MCPR_GIT_PLAIN},
};

/* The length of "scheme" before "://", 0 when there is none. */
static apr_size_t scheme_len(const char *text)
{
    apr_size_t len = 0;

    while (apr_isalnum(text[len]) || (len > 0 && strchr("+-.", text[len]) && text[len])) {
        len++;
    }
    return strncmp(text + len, "://", 3) == 0 ? len : 0;
}

mcpr_git_kind mcpr_git_url_kind(const char *repository, const char **scheme, apr_pool_t *pool)
{
    apr_size_t len = scheme_len(repository);
    const char *colon = strchr(repository, ':'), *slash = strchr(repository, '/');
    char *name;

    if (!len) {
        /* As git has it: a colon before the first slash is a host. */
        *scheme = colon && (!slash || colon < slash) ? "ssh" : "file";
        return **scheme == 's' ? MCPR_GIT_SSH : MCPR_GIT_LOCAL;
    }
    name = apr_pstrmemdup(pool, repository, len);
    for (char *p = name; *p; p++) {
        *p = (char)apr_tolower(*p);
    }
    *scheme = name;
    for (apr_size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strcmp(schemes[i].scheme, name) == 0) {
            return schemes[i].kind;
        }
    }
    return MCPR_GIT_UNKNOWN;
}

const char *mcpr_git_url_path(const char *repository, apr_pool_t *pool)
{
    apr_size_t len = scheme_len(repository);
    const char *path = repository, *copy = NULL;
    char *decoded;
    int decoded_len = 0;

    if (!len) {
        return repository;
    }
    path += len + 3;
    if (strncmp(path, "localhost/", 10) == 0) {
        path += 9;
    }
    decoded = *path == '/' ? curl_easy_unescape(NULL, path, 0, &decoded_len) : NULL;
    if (decoded && strlen(decoded) == (size_t)decoded_len) {
        copy = apr_pstrdup(pool, decoded);
    }
    curl_free(decoded);
    return copy;
}

static const char *part_of(CURLU *url, CURLUPart part, unsigned flags, apr_pool_t *pool)
{
    char *text = NULL;
    const char *copy = NULL;

    if (curl_url_get(url, part, &text, flags) == CURLUE_OK) {
        copy = apr_pstrdup(pool, text);
        curl_free(text);
    }
    return copy;
}

const char *mcpr_git_url_split(const char *url, const char **username, const char **password,
                               apr_pool_t *pool)
{
    CURLU *parsed = curl_url();
    const char *rest = NULL;

    *username = *password = NULL;
    if (parsed && curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
        *username = part_of(parsed, CURLUPART_USER, CURLU_URLDECODE, pool);
        *password = part_of(parsed, CURLUPART_PASSWORD, CURLU_URLDECODE, pool);
        (void)curl_url_set(parsed, CURLUPART_USER, NULL, 0);
        (void)curl_url_set(parsed, CURLUPART_PASSWORD, NULL, 0);
        rest = part_of(parsed, CURLUPART_URL, 0, pool);
    }
    curl_url_cleanup(parsed);
    return rest;
}

const char *mcpr_git_url_origin(const char *url, const char **scheme, apr_pool_t *pool)
{
    CURLU *parsed = curl_url();
    const char *text = "";

    *scheme = "";
    if (parsed && curl_url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
        const char *host = part_of(parsed, CURLUPART_HOST, 0, pool);
        const char *port = part_of(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT, pool);
        const char *name = part_of(parsed, CURLUPART_SCHEME, 0, pool);

        *scheme = name ? name : "";
        text = apr_pstrcat(pool, host ? host : "", ":", port ? port : "", NULL);
    }
    curl_url_cleanup(parsed);
    return text;
}
