/* Cursors of lists. */
#include "mod_mcp_registry/http/cursor.h"

#include "common/util/utf8.h"
#include <apr_base64.h>
#include <apr_strings.h>
#include <string.h>

const char *mcpr_cursor_encode(const char *name, const char *version, apr_pool_t *pool)
{
    const char *text = apr_pstrcat(pool, name, ",", version, NULL);
    int len = (int)strlen(text);
    char *encoded = apr_palloc(pool, (apr_size_t)apr_base64_encode_len(len));
    apr_base64_encode(encoded, text, len);
    return encoded;
}

static int is_base64_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
}

/* The cursor without line ends and with its plus signs back; NULL when it is not padded base64. APR's decoder
 * stops at the first odd character without saying so. */
static char *normalise(const char *cursor, apr_pool_t *pool)
{
    char *clean = apr_palloc(pool, strlen(cursor) + 1);
    apr_size_t n = 0, pad = 0;

    for (; *cursor; cursor++) {
        char c = *cursor == ' ' ? '+' : *cursor;
        if (c == '\r' || c == '\n') {
            continue;
        }
        if (c == '=') {
            pad++;
        } else if (pad || !is_base64_char(c)) {
            return NULL;
        }
        clean[n++] = c;
    }
    clean[n] = '\0';
    return n % 4 || pad > 2 ? NULL : clean;
}

apr_status_t mcpr_cursor_decode(const char *cursor, const char **name, const char **version, apr_pool_t *pool)
{
    const char *clean = normalise(cursor, pool);
    if (!clean) {
        return APR_EINVAL;
    }
    char *text = apr_palloc(pool, (apr_size_t)apr_base64_decode_len(clean) + 1);
    int len = apr_base64_decode(text, clean);
    text[len] = '\0';

    char *comma = strchr(text, ',');
    if (!comma || strlen(text) != (apr_size_t)len || !mcpr_utf8_valid(text, (apr_size_t)len)) {
        return APR_EINVAL;
    }
    *comma = '\0';
    *name = text;
    *version = comma + 1;
    return APR_SUCCESS;
}
