/*
 * The strict check of a JSON text: recursive descent, each step on the path a frame on the stack.
 */
#include "common/model/json_scan.h"
#include "common/model/place.h"
#include <stdio.h>
#include <string.h>

typedef struct scanner {
    const char *data, *at, *end;
    mcpr_problems *problems;
    int depth;
} scanner;

static int scan_value(scanner *s, const mcpr_place *place);

/* Bad syntax at the current byte. People look for a line, programs for a byte. */
static int refuse(scanner *s, const char *expected)
{
    char place[60];
    size_t line = 1;
    for (const char *c = s->data; c < s->at; c++) {
        line += *c == '\n';
    }
    snprintf(place, sizeof place, "line %zu, byte %zu", line, (size_t)(s->at - s->data));
    mcpr_problems_add(s->problems, place, s->at == s->end ? "%s expected, found the end" : "%s expected",
                      expected);
    return 0;
}

/* Text that no document may hold, in the string or key at `place`. */
static int refuse_text(scanner *s, const mcpr_place *place, const char *complaint)
{
    mcpr_problems_add(s->problems, mcpr_place_text(place, s->problems->pool), "%s at byte %zu", complaint,
                      (size_t)(s->at - s->data));
    return 0;
}

static void skip_space(scanner *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\r' || *s->at == '\t')) {
        s->at++;
    }
}

static int take(scanner *s, char c)
{
    if (s->at < s->end && *s->at == c) {
        s->at++;
        return 1;
    }
    return 0;
}

/* The length of the UTF-8 sequence at `p`, 0 when it is none (RFC 3629, table 3-7 of Unicode). */
static int sequence_length(const unsigned char *p, const unsigned char *end)
{
    unsigned char low = 0x80, high = 0xBF;
    int len = *p >= 0xC2 && *p <= 0xDF ? 2 : (*p & 0xF0) == 0xE0 ? 3 : *p >= 0xF0 && *p <= 0xF4 ? 4 : 0;
    switch (*p) {
    case 0xE0: low = 0xA0; break;
    case 0xED: high = 0x9F; break;
    case 0xF0: low = 0x90; break;
    case 0xF4: high = 0x8F; break;
    default: break;
    }
    if (len == 0 || end - p < len || p[1] < low || p[1] > high) {
        return 0;
    }
    for (int i = 2; i < len; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return len;
}

/* Four hexadecimal digits at `p`, or -1. */
static int hex4(const char *p, const char *end)
{
    int value = 0;
    for (int i = 0; i < 4; i++, p++) {
        const char *digits = "0123456789abcdefABCDEF", *digit;
        if (p >= end || *p == '\0' || (digit = strchr(digits, *p)) == NULL) {
            return -1;
        }
        int number = (int)(digit - digits);
        value = value * 16 + (number < 16 ? number : number - 6);
    }
    return value;
}

static int scan_unicode_escape(scanner *s, const mcpr_place *place)
{
    int unit = hex4(s->at + 2, s->end);
    if (unit < 0) {
        s->at += 2;
        return refuse(s, "four hexadecimal digits");
    }
    if (unit == 0) {
        return refuse_text(s, place, "a NUL character (\\u0000)");
    }
    int length = 6;
    if (unit >= 0xD800 && unit <= 0xDFFF) {
        int has_low = s->end - s->at >= 12 && s->at[6] == '\\' && s->at[7] == 'u';
        int low = has_low ? hex4(s->at + 8, s->end) : -1;
        if (unit >= 0xDC00 || low < 0xDC00 || low > 0xDFFF) {
            return refuse_text(s, place, "an unpaired surrogate escape");
        }
        length = 12;
    }
    s->at += length;
    return 1;
}

static int scan_escape(scanner *s, const mcpr_place *place)
{
    if (s->end - s->at >= 2 && s->at[1] == 'u') {
        return scan_unicode_escape(s, place);
    }
    if (s->end - s->at < 2 || s->at[1] == '\0' || strchr("\"\\/bfnrt", s->at[1]) == NULL) {
        s->at++;
        return refuse(s, "an escape of JSON");
    }
    s->at += 2;
    return 1;
}

static int scan_string(scanner *s, const mcpr_place *place)
{
    if (!take(s, '"')) {
        return refuse(s, "a string");
    }
    while (s->at < s->end) {
        unsigned char c = (unsigned char)*s->at;
        if (c == '"') {
            s->at++;
            return 1;
        }
        if (c < 0x20) {
            return refuse(s, "an escaped control character");
        }
        if (c == '\\') {
            if (!scan_escape(s, place)) {
                return 0;
            }
        } else if (c < 0x80) {
            s->at++;
        } else {
            int len = sequence_length((const unsigned char *)s->at, (const unsigned char *)s->end);
            if (len == 0) {
                return refuse_text(s, place, "invalid UTF-8");
            }
            s->at += len;
        }
    }
    return refuse(s, "'\"'");
}

static int scan_digits(scanner *s)
{
    const char *start = s->at;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9') {
        s->at++;
    }
    return s->at > start || refuse(s, "a digit");
}

static int scan_number(scanner *s)
{
    take(s, '-');
    if (!take(s, '0') && !scan_digits(s)) {
        return 0;
    }
    if (take(s, '.') && !scan_digits(s)) {
        return 0;
    }
    if (take(s, 'e') || take(s, 'E')) {
        if (!take(s, '+')) {
            take(s, '-');
        }
        return scan_digits(s);
    }
    return 1;
}

static int scan_word(scanner *s, const char *word)
{
    apr_size_t len = strlen(word);
    if ((apr_size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0) {
        return refuse(s, "a value");
    }
    s->at += len;
    return 1;
}

/* What stands after a member or an element: a comma (1), the closing bracket (2) or a mistake (0). */
static int scan_separator(scanner *s, char closing)
{
    skip_space(s);
    if (take(s, ',')) {
        skip_space(s);
        return 1;
    }
    if (take(s, closing)) {
        return 2;
    }
    return refuse(s, closing == '}' ? "',' or '}'" : "',' or ']'");
}

static int scan_object(scanner *s, const mcpr_place *place)
{
    int more = 1;
    skip_space(s);
    if (take(s, '}')) {
        return 1;
    }
    while (more == 1) {
        const char *key = s->at + 1;
        if (!scan_string(s, place)) {
            return 0;
        }
        mcpr_place member = {.parent = place, .key = key, .key_len = (apr_size_t)(s->at - key - 1)};
        skip_space(s);
        if (!take(s, ':')) {
            return refuse(s, "':'");
        }
        skip_space(s);
        if (!scan_value(s, &member)) {
            return 0;
        }
        more = scan_separator(s, '}');
    }
    return more;
}

static int scan_array(scanner *s, const mcpr_place *place)
{
    int more = 1;
    skip_space(s);
    if (take(s, ']')) {
        return 1;
    }
    for (mcpr_place element = {.parent = place}; more == 1; element.index++) {
        if (!scan_value(s, &element)) {
            return 0;
        }
        more = scan_separator(s, ']');
    }
    return more;
}

static int scan_container(scanner *s, const mcpr_place *place)
{
    if (s->depth == MCPR_JSON_DEPTH) {
        return refuse_text(s, place, "nested too deeply");
    }
    s->depth++;
    int is_object = *s->at++ == '{';
    int ok = is_object ? scan_object(s, place) : scan_array(s, place);
    s->depth--;
    return ok;
}

static int scan_value(scanner *s, const mcpr_place *place)
{
    switch (s->at < s->end ? *s->at : '\0') {
    case '{':
    case '[': return scan_container(s, place);
    case '"': return scan_string(s, place);
    case 't': return scan_word(s, "true");
    case 'f': return scan_word(s, "false");
    case 'n': return scan_word(s, "null");
    default: break;
    }
    if (s->at < s->end && (*s->at == '-' || (*s->at >= '0' && *s->at <= '9'))) {
        return scan_number(s);
    }
    return refuse(s, "a value");
}

int mcpr_json_scan(const char *data, apr_size_t len, mcpr_json_span *value, mcpr_problems *problems)
{
    scanner s = {.data = data, .at = data, .end = data + len, .problems = problems};
    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        return refuse(&s, "a value, not a byte order mark,");
    }
    skip_space(&s);
    const char *start = s.at;
    if (!scan_value(&s, NULL)) {
        return 0;
    }
    *value = (mcpr_json_span){.start = start, .len = (apr_size_t)(s.at - start), .has_wide_numbers = 1};
    skip_space(&s);
    return s.at == s.end || refuse(&s, MCPR_JSON_END);
}
