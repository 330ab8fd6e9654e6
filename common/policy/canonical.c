/*
 * The canonical text of claims, which is what the store knows a set by.
 */
#include "common/policy/claims.h"
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* By bytes; a string may hold NUL. */
static int compare_strings(const void *a, const void *b)
{
    const json_t *left = *(json_t *const *)a, *right = *(json_t *const *)b;
    size_t one = json_string_length(left), other = json_string_length(right);
    int order = memcmp(json_string_value(left), json_string_value(right), one < other ? one : other);

    return order ? order : (one > other) - (one < other);
}

/* A set that lost something would give rights away. */
static void must(int failed)
{
    if (failed) {
        abort();
    }
}

/* A new list with the strings of `list` in order, each once. What is no string can't be ordered and is kept
 * last: without it the list would become sound. */
static json_t *canonical_list(const json_t *list)
{
    size_t count = 0, index;
    json_t *item, *result = json_array();
    json_t **strings = malloc((json_array_size(list) + 1) * sizeof *strings);

    must(strings == NULL || result == NULL);
    json_array_foreach(list, index, item)
    {
        if (json_is_string(item)) {
            strings[count++] = item;
        }
    }
    qsort(strings, count, sizeof *strings, compare_strings);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || compare_strings(&strings[i - 1], &strings[i]) != 0) {
            must(json_array_append(result, strings[i]));
        }
    }
    free(strings);
    json_array_foreach(list, index, item)
    {
        if (!json_is_string(item)) {
            must(json_array_append(result, item));
        }
    }
    return result;
}

/* A new reference to the form of one value; a list of one string means that string. */
static json_t *canonical_value(json_t *value)
{
    json_t *list, *only;

    if (!json_is_array(value)) {
        return json_incref(value);
    }
    list = canonical_list(value);
    only = json_array_size(list) == 1 ? json_array_get(list, 0) : NULL;
    if (!json_is_string(only)) {
        return list;
    }
    json_incref(only);
    json_decref(list);
    return only;
}

const char *mcpr_claims_canonical(const json_t *claims, apr_pool_t *pool)
{
    json_t *canonical;
    const char *key, *result;
    json_t *value;
    char *text;

    if (json_object_size(claims) == 0) {
        return MCPR_CLAIMS_NONE;
    }
    canonical = json_object();
    json_object_foreach((json_t *)claims, key, value)
    {
        must(json_object_set_new(canonical, key, canonical_value(value)));
    }
    text = json_dumps(canonical, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(canonical);
    must(text == NULL);
    result = apr_pstrdup(pool, text);
    free(text);
    return result;
}
