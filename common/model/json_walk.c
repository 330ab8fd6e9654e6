/*
 * Walking over checked JSON text: values are skipped, not parsed.
 */
#include "common/model/json_number.h"
#include "common/model/json_scan.h"
#include "common/model/json_text.h"
#include <apr_strings.h>
#include <stdint.h>
#include <string.h>

/* Farther than any text reaches. */
#define FAR (PTRDIFF_MAX / 2)

static const char *skip_space(const char *p)
{
    while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t') {
        p++;
    }
    return p;
}

/* A quote ends the string unless an odd number of backslashes stands before it. */
static const char *skip_string(const char *p)
{
    for (p++;; p++) {
        p = memchr(p, '"', FAR); /* there is one: the text was checked. strchr() would ask for a NUL too */
        const char *slash = p;
        while (slash[-1] == '\\') {
            slash--;
        }
        if ((p - slash) % 2 == 0) {
            return p + 1;
        }
    }
}

/* The end of the value at `p`. It ends inside the text: what is walked over is always inside a container. */
static const char *skip_value(const char *p, int *has_wide_numbers)
{
    int depth = 0;
    do {
        if (*p == '"') {
            p = skip_string(p);
        } else if (*p == '-' || (*p >= '0' && *p <= '9')) {
            const char *end = mcpr_json_number_end(p, NULL);
            *has_wide_numbers |= mcpr_json_number_is_wide(p, end);
            p = end;
        } else if (*p == 't' || *p == 'n') {
            p += 4;
        } else if (*p == 'f') {
            p += 5;
        } else {
            depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
            p++;
        }
    } while (depth > 0);
    return p;
}

/* Every value but the first of its container follows a comma. */
apr_size_t mcpr_json_count(mcpr_json_span value)
{
    apr_size_t count = 1;
    const char *end = value.start + value.len;
    for (const char *p = value.start; p < end;) {
        if (*p == '"') {
            p = skip_string(p);
        } else {
            count += *p == ',' || *p == '[' || *p == '{';
            p++;
        }
    }
    return count;
}

int mcpr_json_starts(mcpr_json_span value, char first)
{
    return value.start != NULL && *value.start == first;
}

mcpr_json_cursor mcpr_json_enter(mcpr_json_span container)
{
    return (mcpr_json_cursor){.at = container.start + 1, .is_object = *container.start == '{'};
}

static mcpr_json_span take_value(mcpr_json_cursor *cursor)
{
    mcpr_json_span span = {.start = skip_space(cursor->at)};
    cursor->at = skip_value(span.start, &span.has_wide_numbers);
    span.len = (apr_size_t)(cursor->at - span.start);
    return span;
}

int mcpr_json_next(mcpr_json_cursor *cursor, mcpr_json_span *key, mcpr_json_span *value)
{
    const char *p = skip_space(cursor->at);
    if (*p == '}' || *p == ']') {
        return 0;
    }
    cursor->at = p + (*p == ',');
    if (cursor->is_object) {
        *key = take_value(cursor);
        cursor->at = skip_space(cursor->at) + 1; /* ':' */
    }
    *value = take_value(cursor);
    return 1;
}

const char *mcpr_json_key_text(mcpr_json_span key, apr_pool_t *pool)
{
    if (memchr(key.start, '\\', key.len) == NULL) {
        return apr_pstrmemdup(pool, key.start + 1, key.len - 2);
    }
    json_t *text = mcpr_json_load(key);
    const char *result = apr_pstrdup(pool, json_string_value(text));
    json_decref(text);
    return result;
}

static int key_is(mcpr_json_span key, const char *name, apr_pool_t *pool)
{
    if (memchr(key.start, '\\', key.len) != NULL) {
        return strcmp(mcpr_json_key_text(key, pool), name) == 0;
    }
    return key.len == strlen(name) + 2 && memcmp(key.start + 1, name, key.len - 2) == 0;
}

void mcpr_json_find(mcpr_json_span object, const char *const *names, mcpr_json_span *found, int count,
                    apr_pool_t *pool)
{
    apr_pool_t *scratch;
    apr_pool_create(&scratch, pool);
    for (int i = 0; i < count; i++) {
        found[i] = (mcpr_json_span){0};
    }
    mcpr_json_span key, value;
    for (mcpr_json_cursor cursor = mcpr_json_enter(object); mcpr_json_next(&cursor, &key, &value);) {
        for (int i = 0; i < count; i++) {
            if (key_is(key, names[i], scratch)) {
                found[i] = value;
            }
        }
        apr_pool_clear(scratch);
    }
    apr_pool_destroy(scratch);
}
