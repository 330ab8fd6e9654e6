/*
 * JSON text to tree by jansson, and tree to text by ourselves: jansson's writer would neither keep wide
 * numbers nor be fast enough for a large catalog (it guards against loops, which a parsed tree can't have).
 */
#include "common/model/json_text.h"
#include "common/model/json_number.h"
#include <apr_strings.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *load(const char *data, apr_size_t len, size_t flags)
{
    json_error_t error;
    json_t *value = json_loadb(data, len, JSON_DECODE_ANY | flags, &error);
    if (value == NULL) {
        abort(); /* the text was checked: only memory can be missing */
    }
    return value;
}

static int fits_64_bits(const char *p, const char *end)
{
    for (const char *c = p; c < end; c++) {
        if (*c == '.' || *c == 'e' || *c == 'E') {
            return 0;
        }
    }
    errno = 0;
    char digits[24];
    if ((size_t)(end - p) >= sizeof digits || (end - p == 2 && p[1] == '0' && p[0] == '-')) {
        return 0;
    }
    memcpy(digits, p, (size_t)(end - p));
    digits[end - p] = '\0';
    (void)strtoll(digits, NULL, 10);
    return errno == 0;
}

/* The end of the string, the number or the run of anything else at `p`. */
static const char *piece_end(const char *p, const char *end, int *is_wide)
{
    *is_wide = 0;
    if (*p == '"') {
        for (p++; *p != '"'; p++) {
            p += *p == '\\';
        }
        return p + 1;
    }
    if (*p == '-' || (*p >= '0' && *p <= '9')) {
        const char *number = p;
        p = mcpr_json_number_end(p, end);
        *is_wide = !fits_64_bits(number, p);
        return p;
    }
    while (p < end && *p != '"' && *p != '-' && (*p < '0' || *p > '9')) {
        p++;
    }
    return p;
}

static apr_size_t count_wide_numbers(mcpr_json_span span)
{
    apr_size_t count = 0;
    const char *end = span.start + span.len;
    for (const char *p = span.start; p < end;) {
        int is_wide;
        p = piece_end(p, end, &is_wide);
        count += is_wide;
    }
    return count;
}

static char *put(char *out, const char *bytes, apr_size_t len)
{
    memcpy(out, bytes, len);
    return out + len;
}

/* The text with every wide number written as the string that stands for it. */
static json_t *load_with_wide_numbers(mcpr_json_span span)
{
    static const char opening[] = "\"\\u0000", closing[] = "\"";
    apr_size_t more = sizeof opening - 1 + sizeof closing - 1;
    char *text = malloc(span.len + count_wide_numbers(span) * more), *out = text;
    const char *end = span.start + span.len, *piece;
    int is_wide;
    if (text == NULL) {
        abort();
    }
    for (const char *p = span.start; p < end; p = piece) {
        piece = piece_end(p, end, &is_wide);
        out = is_wide ? put(out, opening, sizeof opening - 1) : out;
        out = put(out, p, (apr_size_t)(piece - p));
        out = is_wide ? put(out, closing, sizeof closing - 1) : out;
    }
    json_t *value = load(text, (apr_size_t)(out - text), JSON_ALLOW_NUL);
    free(text);
    return value;
}

json_t *mcpr_json_load(mcpr_json_span span)
{
    return span.has_wide_numbers ? load_with_wide_numbers(span) : load(span.start, span.len, 0);
}

json_t *mcpr_json_parse(const char *data, apr_size_t len, mcpr_problems *problems)
{
    mcpr_json_span value;
    return mcpr_json_scan(data, len, &value, problems) ? mcpr_json_load(value) : NULL;
}

mcpr_json_text mcpr_json_text_create(apr_pool_t *pool)
{
    return (mcpr_json_text){.pool = pool};
}

void mcpr_json_append(mcpr_json_text *text, const char *bytes, apr_size_t len)
{
    if (text->size - text->len < len) {
        apr_size_t size = (text->len + len) * 2 + 1024;
        char *data = apr_palloc(text->pool, size);
        if (text->len > 0) {
            memcpy(data, text->data, text->len);
        }
        text->data = data;
        text->size = size;
    }
    memcpy(text->data + text->len, bytes, len);
    text->len += len;
}

static void append_string(mcpr_json_text *text, const char *string, apr_size_t len)
{
    static const char short_escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt"; /* pairs: the character, its letter */
    const char *run = string, *end = string + len;
    mcpr_json_append(text, "\"", 1);
    for (const char *p = string; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x20 && c != '"' && c != '\\') {
            continue;
        }
        char escape[8] = {'\\'};
        for (const char *pair = short_escapes; *pair != '\0'; pair += 2) {
            if ((unsigned char)*pair == c) {
                escape[1] = pair[1];
            }
        }
        if (escape[1] == '\0') {
            snprintf(escape, sizeof escape, "\\u%04x", c);
        }
        mcpr_json_append(text, run, (apr_size_t)(p - run));
        mcpr_json_append(text, escape, strlen(escape));
        run = p + 1;
    }
    mcpr_json_append(text, run, (apr_size_t)(end - run));
    mcpr_json_append(text, "\"", 1);
}

/* A number that somebody built: the shortest digits that read back as the same. */
static void append_real(mcpr_json_text *text, double number)
{
    char digits[40];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, number);
        if (strtod(digits, NULL) == number) {
            break;
        }
    }
    char *comma = strchr(digits, ','); /* some locales */
    if (comma != NULL) {
        *comma = '.';
    }
    mcpr_json_append(text, digits, strlen(digits));
}

static void append_object(mcpr_json_text *text, json_t *object)
{
    const char *key, *separator = "";
    json_t *member;
    mcpr_json_append(text, "{", 1);
    json_object_foreach(object, key, member)
    {
        mcpr_json_append(text, separator, strlen(separator));
        append_string(text, key, strlen(key));
        mcpr_json_append(text, ":", 1);
        mcpr_json_render(text, member);
        separator = ",";
    }
    mcpr_json_append(text, "}", 1);
}

static void append_array(mcpr_json_text *text, const json_t *array)
{
    mcpr_json_append(text, "[", 1);
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0) {
            mcpr_json_append(text, ",", 1);
        }
        mcpr_json_render(text, json_array_get(array, i));
    }
    mcpr_json_append(text, "]", 1);
}

static void append_text(mcpr_json_text *text, const char *string)
{
    mcpr_json_append(text, string, strlen(string));
}

void mcpr_json_render(mcpr_json_text *text, const json_t *value)
{
    char digits[24];
    const char *wide = mcpr_json_wide_number(value);
    if (wide != NULL) {
        append_text(text, wide);
        return;
    }
    switch (json_typeof(value)) {
    case JSON_OBJECT: append_object(text, (json_t *)value); break;
    case JSON_ARRAY: append_array(text, value); break;
    case JSON_STRING: append_string(text, json_string_value(value), json_string_length(value)); break;
    case JSON_INTEGER:
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        append_text(text, digits);
        break;
    case JSON_REAL: append_real(text, json_real_value(value)); break;
    case JSON_TRUE: append_text(text, "true"); break;
    case JSON_FALSE: append_text(text, "false"); break;
    case JSON_NULL: append_text(text, "null"); break;
    }
}
