/*
 * Complaints about claims and role rules.
 */
#include "common/policy/check.h"
#include "common/util/utf8.h"
#include <apr_strings.h>
#include <string.h>

/* A longer key would leave no room for what is wrong with its value. */
#define KEY_BYTES 200

static const char *const types[] = {
    [JSON_OBJECT] = "object", [JSON_ARRAY] = "array",  [JSON_STRING] = "string", [JSON_INTEGER] = "number",
    [JSON_REAL] = "number",   [JSON_TRUE] = "boolean", [JSON_FALSE] = "boolean", [JSON_NULL] = "null",
};

static const char *type_of(const json_t *value)
{
    return types[json_typeof(value)];
}

static int holds_nul(const json_t *string)
{
    return memchr(json_string_value(string), '\0', json_string_length(string)) != NULL;
}

/* The key as it is quoted; what is no longer kept need not be written. */
static const char *quoted(const char *key, const mcpr_problems *problems)
{
    int full = problems->list->nelts >= problems->cap;

    return full ? "" : mcpr_utf8_clean(key, strlen(key), KEY_BYTES, problems->pool);
}

static void check_item(const char *key, size_t index, const json_t *item, const char *place,
                       mcpr_problems *problems)
{
    if (!json_is_string(item)) {
        mcpr_problems_add(problems, place, "claim \"%s\": array element [%lu] must be a string, got %s",
                          quoted(key, problems), (unsigned long)index, type_of(item));
    } else if (holds_nul(item)) {
        mcpr_problems_add(problems, place, "claim \"%s\": array element [%lu] must not hold a NUL character",
                          quoted(key, problems), (unsigned long)index);
    }
}

static void check_value(const char *key, const json_t *value, const char *place, mcpr_problems *problems)
{
    size_t index;
    json_t *item;

    if (json_is_string(value)) {
        if (holds_nul(value)) {
            mcpr_problems_add(problems, place, "claim \"%s\": value must not hold a NUL character",
                              quoted(key, problems));
        }
    } else if (!json_is_array(value)) {
        mcpr_problems_add(problems, place, "claim \"%s\": value must be a string or array of strings, got %s",
                          quoted(key, problems), type_of(value));
    }
    json_array_foreach(value, index, item)
    {
        check_item(key, index, item, place, problems);
    }
}

int mcpr_claims_check(const json_t *claims, const char *place, mcpr_problems *problems)
{
    int before = problems->total;
    const char *key;
    json_t *value;

    if (claims && !json_is_object(claims) && !json_is_null(claims)) {
        mcpr_problems_add(problems, place, "claims must be an object, got %s", type_of(claims));
    }
    json_object_foreach((json_t *)claims, key, value)
    {
        check_value(key, value, place, problems);
    }
    return problems->total == before;
}

/* One claim of a rule: what of it never counts. */
static void warn_value(const char *place, const json_t *value, mcpr_problems *warnings)
{
    size_t index, strings = 0;
    json_t *item;

    if (!json_is_string(value) && !json_is_array(value)) {
        mcpr_problems_add(warnings, place, "matches nobody: must be a string or array of strings, got %s",
                          type_of(value));
        return;
    }
    json_array_foreach(value, index, item)
    {
        if (json_is_string(item)) {
            strings++;
        } else {
            mcpr_problems_add(warnings, place, "element [%lu] is ignored: must be a string, got %s",
                              (unsigned long)index, type_of(item));
        }
    }
    if (json_is_array(value) && strings == 0) {
        mcpr_problems_add(warnings, place, "matches nobody: no string in the list");
    }
}

static void warn_rule(const char *place, const json_t *rule, mcpr_problems *warnings)
{
    const char *key;
    json_t *value;

    if (json_object_size(rule) == 0) {
        mcpr_problems_add(warnings, place, "matches nobody: names no claim");
    }
    json_object_foreach((json_t *)rule, key, value)
    {
        warn_value(apr_pstrcat(warnings->pool, place, ".", key, NULL), value, warnings);
    }
}

void mcpr_roles_warn(const json_t *roles, mcpr_problems *warnings)
{
    for (int role = 0; role < MCPR_ROLE_COUNT; role++) {
        const char *name = apr_pstrcat(warnings->pool, "auth.authz.roles.", mcpr_role_name(role), NULL);
        const json_t *rules = json_object_get(roles, mcpr_role_name(role));
        size_t index;
        json_t *rule;

        if (json_is_object(rules)) {
            warn_rule(name, rules, warnings);
        }
        json_array_foreach(rules, index, rule)
        {
            warn_rule(apr_psprintf(warnings->pool, "%s[%lu]", name, (unsigned long)index), rule, warnings);
        }
    }
}
