/*
 * URLs: just enough of RFC 3986 to refuse at load what could never be fetched.
 */
#include "common/config/url.h"
#include <apr_lib.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

static const char *check_bytes(const char *text)
{
    for (; *text && *text != '?' && *text != '#'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f) {
            return "it holds a control character";
        }
        if (*text == '%' && (!apr_isxdigit(text[1]) || !apr_isxdigit(text[2]))) {
            return "it holds a malformed percent escape";
        }
    }
    return NULL;
}

/* host[:port], the host perhaps in brackets. */
static const char *split_host(mcpr_url *url, const char *text, apr_size_t len, apr_pool_t *pool)
{
    char *host = apr_pstrmemdup(pool, text, len);
    char *end = *host == '[' ? strchr(host, ']') : host + strcspn(host, ":");

    if (!end) {
        return "its host has no closing bracket";
    }
    if (*host == '[') {
        host++;
        *end++ = '\0';
    }
    if (*end && (*end != ':' || strspn(end + 1, "0123456789") != strlen(end + 1) || strlen(end) > 6 ||
                 atoi(end + 1) > 65535)) {
        return "its port is not a number up to 65535";
    }
    *end = '\0';
    if (*host == '\0') {
        return "it has no host";
    }
    if (strpbrk(host, " \"<>\\^`{|}")) {
        return "its host holds a character that no host has";
    }
    url->host = host;
    return NULL;
}

const char *mcpr_url_parse(mcpr_url *url, const char *text, apr_pool_t *pool)
{
    const char *why = check_bytes(text), *authority, *at = NULL;
    apr_size_t len = 0;
    char *scheme;

    if (why) {
        return why;
    }
    while (apr_isalnum(text[len]) || (text[len] && strchr("+-.", text[len]))) {
        len++;
    }
    if (!apr_isalpha(text[0]) || strncmp(text + len, "://", 3) != 0) {
        return "it is not absolute";
    }
    scheme = apr_pstrmemdup(pool, text, len);
    for (char *p = scheme; *p; p++) {
        *p = (char)apr_tolower(*p);
    }
    url->scheme = scheme;
    authority = text + len + 3;
    len = strcspn(authority, "/?#");
    for (apr_size_t i = 0; i < len; i++) {
        at = authority[i] == '@' ? authority + i + 1 : at;
    }
    len -= at ? (apr_size_t)(at - authority) : 0;
    return split_host(url, at ? at : authority, len, pool);
}
