/* Paths: split as sent, decoded once. Spec api-registry.md 3 and 4.1. */
#include "mod_mcp_registry/http/path.h"

#include "mod_mcp_registry/http/escape.h"
#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

/* The bytes that the reference leaves unescaped when it writes a path. */
static int stays_plain(unsigned char c)
{
    return apr_isalnum(c) || (c && strchr("-_.~$&+,/:;=@", c));
}

/* Whether the path is written exactly as the reference would write what it decodes to. */
static int is_canonical(const char *path, apr_size_t len)
{
    for (apr_size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)path[i];
        if (c == '%') {
            int value = mcpr_escape_value(path + i, path + len);
            if (value < 0 || stays_plain((unsigned char)value) ||
                (path[i + 1] >= 'a' || path[i + 2] >= 'a')) {
                return 0;
            }
            i += 2;
        } else if (!stays_plain(c)) {
            return 0;
        }
    }
    return 1;
}

static apr_status_t decode(mcpr_segment *out, const char *text, apr_size_t len, apr_pool_t *pool)
{
    char *to = apr_palloc(pool, len + 1);
    apr_size_t n = 0;

    for (apr_size_t i = 0; i < len; i++) {
        int value = (unsigned char)text[i];
        if (value == '%') {
            value = mcpr_escape_value(text + i, text + len);
            if (value < 0) {
                return APR_EINVAL;
            }
            i += 2;
        }
        to[n++] = (char)value;
    }
    to[n] = '\0';
    out->text = to;
    out->len = n;
    return APR_SUCCESS;
}

/* Where the path begins in "/a/b?q" or "http://host/a/b?q"; *len is 0 when it is empty, as in
 * "http://host?q". NULL when the target has another form. */
static const char *find_path(const char *target, apr_size_t *len)
{
    if (*target != '/') {
        apr_size_t scheme = strcspn(target, ":/?#");
        if (scheme == 0 || strncmp(target + scheme, "://", 3) != 0) {
            return NULL;
        }
        target += scheme + 3;
        target += strcspn(target, "/?#");
    }
    *len = strcspn(target, "?#");
    return target;
}

/* Splits [begin, begin + len), which starts with a slash. */
static apr_status_t split(mcpr_path *path, const char *begin, apr_size_t len, apr_pool_t *pool)
{
    int count = 0;
    for (apr_size_t i = 0; i < len; i++) {
        count += begin[i] == '/';
    }
    mcpr_segment *segments = apr_palloc(pool, sizeof(*segments) * (apr_size_t)count);
    const char *at = begin + 1, *end = begin + len;
    for (int i = 0; i < count; i++) {
        const char *slash = memchr(at, '/', (apr_size_t)(end - at));
        const char *stop = slash ? slash : end;
        if (decode(&segments[i], at, (apr_size_t)(stop - at), pool) != APR_SUCCESS) {
            return APR_EINVAL;
        }
        at = stop + 1;
    }
    path->segments = segments;
    path->count = count;
    path->canonical = is_canonical(begin, len);
    return APR_SUCCESS;
}

apr_status_t mcpr_path_parse(mcpr_path *path, const char *target, apr_pool_t *pool)
{
    apr_size_t len;
    const char *begin = find_path(target, &len);

    if (!begin) {
        return APR_EINVAL;
    }
    return len ? split(path, begin, len, pool) : split(path, "/", 1, pool);
}

static int is_escaped_slash(const char *s)
{
    return s[0] == '%' && s[1] == '2' && (s[2] == 'F' || s[2] == 'f');
}

/* Whether `uri` is what httpd makes of the path when it only decodes it. A slash that was escaped is there as
 * it was, or decoded: that depends on AllowEncodedSlashes. */
static int agrees(const mcpr_path *path, const char *uri)
{
    for (int i = 0; i < path->count; i++) {
        const mcpr_segment *segment = &path->segments[i];
        if (*uri++ != '/') {
            return 0;
        }
        for (apr_size_t n = 0; n < segment->len; n++) {
            if (segment->text[n] == '/' && is_escaped_slash(uri)) {
                uri += 3;
            } else if (segment->text[n] == '\0' || *uri++ != segment->text[n]) {
                return 0;
            }
        }
    }
    return *uri == '\0';
}

/* Whether httpd makes another path of this one by itself: dots are resolved, slashes at the start merged. */
static int is_relative(const mcpr_path *path)
{
    for (int i = 0; i < path->count; i++) {
        const char *text = path->segments[i].text;
        if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0) {
            return 1;
        }
    }
    return path->count > 1 && path->segments[0].len == 0;
}

/* Splits what is decoded already; only an escaped slash still has to be. */
static apr_status_t split_decoded(mcpr_path *path, const char *uri, apr_pool_t *pool)
{
    char *escaped = apr_palloc(pool, strlen(uri) * 3 + 1), *to = escaped;

    for (; *uri; uri++) {
        if (*uri == '%' && !is_escaped_slash(uri)) {
            *to++ = '%';
            *to++ = '2';
            *to++ = '5';
        } else {
            *to++ = *uri;
        }
    }
    *to = '\0';
    apr_status_t rv = split(path, escaped, (apr_size_t)(to - escaped), pool);
    path->canonical = 0; /* decoded as often as it may be */
    return rv;
}

apr_status_t mcpr_path_read(mcpr_path *path, const char *target, const char *uri, apr_pool_t *pool)
{
    if (mcpr_path_parse(path, target, pool) == APR_SUCCESS) {
        if (agrees(path, uri)) {
            return APR_SUCCESS;
        }
        if (is_relative(path)) {
            return APR_EINVAL;
        }
    }
    return *uri == '/' ? split_decoded(path, uri, pool) : APR_EINVAL;
}

const char *mcpr_percent_decode(const char *text, apr_pool_t *pool)
{
    mcpr_segment out;
    if (decode(&out, text, strlen(text), pool) != APR_SUCCESS || strlen(out.text) != out.len) {
        return NULL;
    }
    return out.text;
}
