/*
 * UTF-8: validity, length, and the cleaning of texts that come from a far side.
 */
#include "common/util/utf8.h"
#include <string.h>

#define REPLACEMENT     "\xef\xbf\xbd"
#define REPLACEMENT_LEN 3

/* How far beyond the cap userinfo is looked for: what is longer is no URL that anybody wrote. */
#define LOOKAHEAD 65536

/* The range of the second byte by lead byte; later bytes are plain continuations (RFC 3629, section 4). */
static const struct lead {
    unsigned char first, last, low, high;
    int length;
} leads[] = {
    {.first = 0x00, .last = 0x7f, .length = 1},
    { .first = 0xc2, .last = 0xdf,  .low = 0x80, .high = 0xbf, .length = 2},
    { .first = 0xe0, .last = 0xe0,  .low = 0xa0, .high = 0xbf, .length = 3},
    { .first = 0xe1, .last = 0xec,  .low = 0x80, .high = 0xbf, .length = 3},
    { .first = 0xed, .last = 0xed,  .low = 0x80, .high = 0x9f, .length = 3},
    { .first = 0xee, .last = 0xef,  .low = 0x80, .high = 0xbf, .length = 3},
    { .first = 0xf0, .last = 0xf0,  .low = 0x90, .high = 0xbf, .length = 4},
    { .first = 0xf1, .last = 0xf3,  .low = 0x80, .high = 0xbf, .length = 4},
    { .first = 0xf4, .last = 0xf4,  .low = 0x80, .high = 0x8f, .length = 4},
};

static const struct lead *lead_of(unsigned char byte)
{
    for (apr_size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        if (byte >= leads[i].first && byte <= leads[i].last) {
            return &leads[i];
        }
    }
    return NULL;
}

/* The bytes of the character that `text` begins with, 0 when it begins with none. */
static apr_size_t character(const char *text, apr_size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    const struct lead *lead = len ? lead_of(bytes[0]) : NULL;

    if (!lead || (apr_size_t)lead->length > len) {
        return 0;
    }
    if (lead->length > 1 && (bytes[1] < lead->low || bytes[1] > lead->high)) {
        return 0;
    }
    for (int i = 2; i < lead->length; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return (apr_size_t)lead->length;
}

int mcpr_utf8_valid(const char *text, apr_size_t len)
{
    while (len) {
        apr_size_t step = character(text, len);

        if (!step) {
            return 0;
        }
        text += step;
        len -= step;
    }
    return 1;
}

apr_size_t mcpr_utf8_length(const char *text)
{
    apr_size_t count = 0;

    for (; *text; text++) {
        count += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return count;
}

/* C0, DEL and C1 (U+0080 to U+009F, two bytes each). */
static int is_control(const char *text, apr_size_t step)
{
    unsigned char first = (unsigned char)text[0];

    return step == 1 ? first < 0x20 || first == 0x7f : first == 0xc2 && (unsigned char)text[1] < 0xa0;
}

static int ends_word(char byte)
{
    return (unsigned char)byte <= ' ' || memchr("\"<>\x7f", byte, 4) != NULL;
}

/*
 * The bytes of userinfo, '@' included, at the begin of an authority. A password with a raw '/', '?' or '#'
 * would end the authority early: then what follows the colon is no port, and everything up to the word's last
 * '@' goes.
 */
static apr_size_t userinfo(const char *text, apr_size_t len)
{
    apr_size_t word = 0, authority, at = 0, digits;
    const char *colon;

    while (word < len && !ends_word(text[word])) {
        word++;
    }
    for (authority = 0; authority < word && !memchr("/?#", text[authority], 3); authority++) {
        if (text[authority] == '@') {
            at = authority + 1;
        }
    }
    colon = memchr(text, ':', authority);
    if (at || !colon || text[0] == '[') {
        return at;
    }
    digits = (apr_size_t)(colon - text) + 1;
    while (digits < authority && text[digits] >= '0' && text[digits] <= '9') {
        digits++;
    }
    if (digits < authority) {
        for (apr_size_t i = authority; i < word; i++) {
            at = text[i] == '@' ? i + 1 : at;
        }
    }
    return at;
}

const char *mcpr_utf8_clean(const char *text, apr_size_t len, apr_size_t cap, apr_pool_t *pool)
{
    apr_size_t most = len < cap / REPLACEMENT_LEN ? len * REPLACEMENT_LEN : cap;
    char *out = apr_palloc(pool, most + 1);
    apr_size_t used = 0;

    for (apr_size_t i = 0; i < len;) {
        apr_size_t step = character(text + i, len - i);
        const char *piece = step ? text + i : REPLACEMENT;
        apr_size_t size = step ? step : REPLACEMENT_LEN;

        if (step && is_control(text + i, step)) {
            piece = " ";
            size = 1;
        }
        if (used + size > most) {
            break;
        }
        memcpy(out + used, piece, size);
        used += size;
        i += step ? step : 1;
        if (i >= 3 && memcmp(text + i - 3, "://", 3) == 0) {
            i += userinfo(text + i, len - i < LOOKAHEAD ? len - i : LOOKAHEAD);
        }
    }
    out[used] = '\0';
    return out;
}
