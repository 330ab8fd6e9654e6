/* Percent escapes. */
#include "mod_mcp_registry/http/escape.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int mcpr_escape_value(const char *s, const char *end)
{
    if (end - s < 3 || *s != '%') {
        return -1;
    }
    int high = hex_value(s[1]), low = hex_value(s[2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}
