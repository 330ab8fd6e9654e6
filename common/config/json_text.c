/*
 * JSON files: checked as JSON, then handed to the YAML parser, which knows the lines.
 */
#include "common/config/yaml.h"
#include <apr_lib.h>
#include <apr_strings.h>
#include <string.h>

/* The four hexadecimal digits of an escape `\uXXXX` at `p`, -1 when there is none. */
static int unit_at(const char *p, const char *end)
{
    int value = 0;

    if (end - p < 6 || p[0] != '\\' || p[1] != 'u') {
        return -1;
    }
    for (int i = 2; i < 6; i++) {
        value = value * 16 + (apr_isdigit(p[i]) ? p[i] - '0' : (p[i] | 0x20) - 'a' + 10);
    }
    return value;
}

/* Copies the string at `p` with its quotes; a surrogate pair (12 bytes) becomes \UXXXXXXXX (10). */
static const char *copy_string(const char *p, const char *end, char **out)
{
    *(*out)++ = *p++;
    while (p < end && *p != '"') {
        int high = unit_at(p, end), low;

        if (high >= 0xd800 && high < 0xdc00 && (low = unit_at(p + 6, end)) >= 0xdc00 && low < 0xe000) {
            int code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);

            *out += apr_snprintf(*out, 11, "\\U%08x", code);
            p += 12;
            continue;
        }
        if (*p == '\\') {
            *(*out)++ = *p++;
        }
        *(*out)++ = *p++;
    }
    *(*out)++ = '"';
    return p + 1;
}

/* YAML wants a colon on the line of its key: white space before it moves behind it. */
static const char *copy_colon(const char *p, const char *end, char **out)
{
    const char *colon = p;

    while (colon < end && apr_isspace(*colon)) {
        colon++;
    }
    if (colon == end || *colon != ':') {
        return p;
    }
    *(*out)++ = ':';
    memcpy(*out, p, (apr_size_t)(colon - p));
    *out += colon - p;
    return colon + 1;
}

const char *mcpr_json_as_yaml(const char *bytes, apr_size_t len, const char *name, mcpr_problems *problems,
                              apr_pool_t *pool)
{
    const char *p = bytes, *end = bytes + len;
    char *text = apr_palloc(pool, len + 2), *out = text;
    json_error_t error;
    json_t *json =
        json_loadb(bytes, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL, &error);

    if (!json) {
        mcpr_problems_add(problems, apr_psprintf(pool, "%s:%d", name, error.line), "line %d: not JSON: %s",
                          error.line,
                          json_error_code(&error) == json_error_duplicate_key ? error.text : "syntax error");
        return NULL;
    }
    json_decref(json);
    while (p < end) {
        if (*p == '"') {
            p = copy_string(p, end, &out);
            p = copy_colon(p, end, &out);
        } else {
            *out++ = *p++;
        }
    }
    *out = '\0';
    return text;
}
