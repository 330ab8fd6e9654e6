/*
 * Unicode's simple case folding, by ICU, code point by code point.
 */
#include "common/util/fold.h"
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#define REPLACEMENT 0xFFFD
#define SEPARATOR   0xFFFF

/* The next code point of `text`, folded; *at moves behind it. */
static UChar32 next_folded(const uint8_t *text, size_t *at, size_t len)
{
    UChar32 c = text[*at];
    if (c < 0x80) { /* most text: spare the look-up */
        ++*at;
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }
    U8_NEXT(text, *at, len, c);
    if (c < 0 || c == SEPARATOR) {
        return REPLACEMENT;
    }
    return u_foldCase(c, U_FOLD_CASE_DEFAULT);
}

const char *mcpr_fold(const char *text, apr_pool_t *pool)
{
    const uint8_t *source = (const uint8_t *)text;
    size_t len = strlen(text), size = 0;
    /* Folding can make a text longer (U+023A takes two bytes, its fold three): measure, then write. */
    for (size_t at = 0; at < len;) {
        UChar32 c = next_folded(source, &at, len); /* U8_LENGTH looks at its argument several times */
        size += (size_t)U8_LENGTH(c);
    }
    char *folded = apr_palloc(pool, size + 1);
    uint8_t *out = (uint8_t *)folded;
    size_t written = 0;
    for (size_t at = 0; at < len;) {
        UChar32 c = next_folded(source, &at, len);
        U8_APPEND_UNSAFE(out, written, c);
    }
    folded[written] = '\0';
    return folded;
}
