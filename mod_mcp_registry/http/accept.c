/* Which content coding a client prefers. */
#include "mod_mcp_registry/http/accept.h"

#include <apr_lib.h>
#include <string.h>
#include <strings.h>

#define UNSET (-1)

#define BLANKS " \t"

/* "0.8" in thousandths; a malformed weight counts as 0, so that nothing is sent which might not be wanted. */
static int weight(const char *s, const char *end)
{
    int value = 0, scale = 100;
    if (s == end || (*s != '0' && *s != '1')) {
        return 0;
    }
    value = (*s++ - '0') * 1000;
    if (s < end && *s == '.') {
        for (s++; s < end && apr_isdigit(*s) && scale; s++, scale /= 10) {
            value += (*s - '0') * scale;
        }
    }
    s += strspn(s, BLANKS);
    return s < end || value > 1000 ? 0 : value;
}

/* The weight of one element "gzip ; q=0.5" whose parameters lie in [s, end): that of the last q. */
static int element_weight(const char *s, const char *end)
{
    int found = 1000;
    while ((s = memchr(s, ';', (size_t)(end - s)))) {
        s++;
        s += strspn(s, BLANKS);
        size_t len = strcspn(s, ";,");
        if (strcspn(s, BLANKS "=;,") == 1 && apr_tolower(*s) == 'q') {
            found = s[1] == '=' ? weight(s + 2, s + len) : 0;
        }
    }
    return found;
}

int mcpr_accepts_gzip(const char *accept_encoding)
{
    int gzip = UNSET, any = UNSET, identity = UNSET;

    for (const char *s = accept_encoding; s && *s;) {
        s += strspn(s, BLANKS ",");
        const char *end = s + strcspn(s, ",");
        size_t len = strcspn(s, BLANKS ";,");
        int w = element_weight(s, end);
        if ((len == 4 && !strncasecmp(s, "gzip", 4)) || (len == 6 && !strncasecmp(s, "x-gzip", 6))) {
            gzip = w;
        } else if (len == 8 && !strncasecmp(s, "identity", 8)) {
            identity = w;
        } else if (len == 1 && *s == '*') {
            any = w;
        }
        s = end;
    }
    if (gzip == UNSET) {
        gzip = any;
    }
    return gzip > 0 && gzip >= identity;
}
