/*
 * Compiled claims: made from JSON once, then compared by binary search.
 */
#include "common/policy/claims.h"
#include "common/policy/match.h"
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* Bytes that may hold a NUL. */
typedef struct span {
    const char *text;
    apr_size_t len;
} span;

typedef struct claim {
    span key;
    const span *values; /* sorted, each once */
    apr_size_t count;
    int sound; /* a string, or a list of nothing but strings */
} claim;

struct mcpr_claims {
    const claim *list; /* sorted by key, each once */
    apr_size_t count;
};

static const mcpr_claims unlabelled = {.list = NULL, .count = 0};

/* A span and a claim both begin with the span they are sorted by. */
static int compare_spans(const void *a, const void *b)
{
    const span *left = a, *right = b;
    apr_size_t shorter = left->len < right->len ? left->len : right->len;
    int order = memcmp(left->text, right->text, shorter);

    return order ? order : (left->len > right->len) - (left->len < right->len);
}

static const void *find(const span *wanted, const void *sorted, apr_size_t count, apr_size_t size)
{
    return count ? bsearch(wanted, sorted, count, size, compare_spans) : NULL;
}

static span copy_span(const char *text, apr_size_t len, apr_pool_t *pool)
{
    return (span){.text = apr_pstrmemdup(pool, text, len), .len = len};
}

static span string_span(const json_t *string, apr_pool_t *pool)
{
    return copy_span(json_string_value(string), json_string_length(string), pool);
}

static void read_list(claim *made, const json_t *list, apr_pool_t *pool)
{
    span *values = apr_palloc(pool, (json_array_size(list) + 1) * sizeof *values);
    apr_size_t found = 0, kept = 0;
    size_t index;
    json_t *item;

    json_array_foreach(list, index, item)
    {
        if (json_is_string(item)) {
            values[found++] = string_span(item, pool);
        }
    }
    qsort(values, found, sizeof *values, compare_spans);
    for (apr_size_t i = 0; i < found; i++) {
        if (kept == 0 || compare_spans(&values[kept - 1], &values[i]) != 0) {
            values[kept++] = values[i];
        }
    }
    made->values = values;
    made->count = kept;
    made->sound = found == json_array_size(list);
}

static void read_value(claim *made, const json_t *value, apr_pool_t *pool)
{
    if (json_is_array(value)) {
        read_list(made, value, pool);
    } else if (json_is_string(value)) {
        span *only = apr_palloc(pool, sizeof *only);

        *only = string_span(value, pool);
        made->values = only;
        made->count = 1;
        made->sound = 1;
    }
}

const mcpr_claims *mcpr_claims_read(const json_t *claims, apr_pool_t *pool)
{
    mcpr_claims *made;
    claim *list;
    const char *key;
    json_t *value;

    if (json_object_size(claims) == 0) {
        return &unlabelled;
    }
    made = apr_pcalloc(pool, sizeof *made);
    list = apr_pcalloc(pool, json_object_size(claims) * sizeof *list);
    json_object_foreach((json_t *)claims, key, value)
    {
        claim *next = &list[made->count++];

        next->key = copy_span(key, strlen(key), pool); /* the decoder refuses NUL in a key */
        read_value(next, value, pool);
    }
    qsort(list, made->count, sizeof *list, compare_spans);
    made->list = list;
    return made;
}

const mcpr_claims *mcpr_claims_parse(const char *text, apr_size_t len, apr_pool_t *pool)
{
    const int flags = JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL;
    json_t *json = text ? json_loadb(text, len, flags, NULL) : NULL;
    const mcpr_claims *claims = mcpr_claims_read(json, pool);

    json_decref(json);
    return claims;
}

int mcpr_claims_unlabelled(const mcpr_claims *claims)
{
    return claims->count == 0;
}

static int holds(const claim *have, const span *value)
{
    return find(value, have->values, have->count, sizeof *have->values) != NULL;
}

static int shares(const claim *have, const claim *need)
{
    for (apr_size_t i = 0; i < need->count; i++) {
        if (holds(have, &need->values[i])) {
            return 1;
        }
    }
    return 0;
}

static int visible(const claim *have, const claim *need)
{
    return need->sound && (need->count == 0 || shares(have, need));
}

static int granted(const claim *have, const claim *need)
{
    for (apr_size_t i = 0; i < need->count; i++) {
        if (!holds(have, &need->values[i])) {
            return 0;
        }
    }
    return need->sound;
}

static int (*const tests[])(const claim *have, const claim *need) = {
    [MCPR_CLAIMS_VISIBLE] = visible,
    [MCPR_CLAIMS_GRANT] = granted,
    [MCPR_CLAIMS_ROLE] = shares,
};

int mcpr_claims_match(const mcpr_claims *have, const mcpr_claims *need, mcpr_claims_rule rule)
{
    for (apr_size_t i = 0; i < need->count; i++) {
        const claim *held = find(&need->list[i].key, have->list, have->count, sizeof *have->list);

        if (!held || !tests[rule](held, &need->list[i])) {
            return 0;
        }
    }
    return need->count > 0;
}

int mcpr_claims_equal(const mcpr_claims *a, const mcpr_claims *b)
{
    if (a->count == 0 || b->count == 0) {
        return a->count == b->count;
    }
    return mcpr_claims_match(a, b, MCPR_CLAIMS_GRANT) && mcpr_claims_match(b, a, MCPR_CLAIMS_GRANT);
}
