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

/* Where the path begins in "/a/b?q" or "http://host/a/b?q". */
static const char *find_path(const char *target)
{
    const char *authority = *target == '/' ? NULL : strstr(target, "://");
    return *target == '/' ? target : authority ? strchr(authority + 3, '/') : NULL;
}

apr_status_t mcpr_path_parse(mcpr_path *path, const char *target, apr_pool_t *pool)
{
    const char *begin = find_path(target);
    if (!begin) {
        return APR_EINVAL;
    }
    apr_size_t len = strcspn(begin, "?#");
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

const char *mcpr_percent_decode(const char *text, apr_pool_t *pool)
{
    mcpr_segment out;
    if (decode(&out, text, strlen(text), pool) != APR_SUCCESS || strlen(out.text) != out.len) {
        return NULL;
    }
    return out.text;
}
