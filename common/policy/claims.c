/*
 * The canonical form of claims.
 */
#include "common/policy/claims.h"
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

static int compare_strings(const void *a, const void *b)
{
    return strcmp(json_string_value(*(json_t *const *)a), json_string_value(*(json_t *const *)b));
}

/* A new list with the strings of `list` in order, each once. What is no string can't be ordered and is kept
 * last. */
static json_t *canonical_list(const json_t *list)
{
    size_t count = 0, index;
    json_t *item, *result = json_array();
    json_t **strings = malloc((json_array_size(list) + 1) * sizeof *strings);
    if (strings == NULL || result == NULL) {
        abort();
    }
    json_array_foreach(list, index, item)
    {
        if (json_is_string(item)) {
            strings[count++] = item;
        }
    }
    qsort(strings, count, sizeof *strings, compare_strings);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || compare_strings(&strings[i - 1], &strings[i]) != 0) {
            json_array_append(result, strings[i]);
        }
    }
    free(strings);
    json_array_foreach(list, index, item)
    {
        if (!json_is_string(item)) {
            json_array_append(result, item);
        }
    }
    return result;
}

const char *mcpr_claims_canonical(const json_t *claims, apr_pool_t *pool)
{
    if (json_object_size(claims) == 0) {
        return MCPR_CLAIMS_NONE;
    }
    json_t *canonical = json_object();
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)claims, key, value)
    {
        if (json_is_array(value)) {
            json_object_set_new(canonical, key, canonical_list(value));
        } else {
            json_object_set(canonical, key, value);
        }
    }
    char *text = json_dumps(canonical, JSON_COMPACT | JSON_SORT_KEYS);
    json_decref(canonical);
    if (text == NULL) {
        abort(); /* out of memory: a shorter set of claims would give rights away */
    }
    const char *result = apr_pstrdup(pool, text);
    free(text);
    return result;
}
