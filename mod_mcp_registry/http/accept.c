/* Which content coding a client prefers. */
#include "mod_mcp_registry/http/accept.h"

#include <apr_lib.h>
#include <string.h>
#include <strings.h>

#define UNSET (-1)

/* "0.8" in thousandths; a malformed weight counts as 0, so that nothing is sent which might not be wanted. */
static int weight(const char *s)
{
    int value = 0, scale = 100;
    if (*s != '0' && *s != '1') {
        return 0;
    }
    value = (*s++ - '0') * 1000;
    if (*s == '.') {
        for (s++; apr_isdigit(*s) && scale; s++, scale /= 10) {
            value += (*s - '0') * scale;
        }
    }
    return value > 1000 ? 0 : value;
}

/* The weight of one element "gzip ; q=0.5" whose parameters start at `s`. */
static int element_weight(const char *s, const char *end)
{
    const char *q = memchr(s, ';', (size_t)(end - s));
    if (!q) {
        return 1000;
    }
    q++;
    q += strspn(q, " \t");
    return (*q == 'q' || *q == 'Q') && q[1] == '=' ? weight(q + 2) : 1000;
}

int mcpr_accepts_gzip(const char *accept_encoding)
{
    int gzip = UNSET, any = UNSET, identity = UNSET;

    for (const char *s = accept_encoding; s && *s;) {
        s += strspn(s, " \t,");
        const char *end = s + strcspn(s, ",");
        size_t len = strcspn(s, " \t;,");
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
