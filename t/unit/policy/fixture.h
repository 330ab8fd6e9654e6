/*
 * JSON in the tests of claims. It is written with ' for ", so that tables can be read.
 */
#ifndef MCPR_UNIT_POLICY_FIXTURE_H
#define MCPR_UNIT_POLICY_FIXTURE_H

#include "common/policy/access.h"
#include "t/unit/unit.h"
#include <apr_strings.h>
#include <string.h>

/** The value of `text`, decoded as tokens are; the test gives the reference back. NULL stays NULL. */
static inline json_t *fixture_json(const char *text)
{
    json_error_t error;
    json_t *json;
    char *copy;

    if (!text) {
        return NULL;
    }
    copy = strdup(text);
    for (char *at = copy; (at = strchr(at, '\'')) != NULL;) {
        *at = '"';
    }
    json = json_loads(copy, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
    ck_assert_msg(json != NULL, "%s: %s", copy, error.text);
    free(copy);
    return json;
}

static inline const mcpr_claims *fixture_claims(const char *text, apr_pool_t *pool)
{
    json_t *json = fixture_json(text);
    const mcpr_claims *claims = mcpr_claims_read(json, pool);

    json_decref(json);
    return claims;
}

static inline const mcpr_roles *fixture_roles(const char *text, apr_pool_t *pool)
{
    json_t *json = fixture_json(text);
    const mcpr_roles *roles = mcpr_roles_read(json, pool);

    json_decref(json);
    return roles;
}

/** A caller bound by `roles`, with the claims of `text`. */
static inline const mcpr_caller *fixture_caller(const char *text, const char *roles, apr_pool_t *pool)
{
    json_t *json = fixture_json(text);
    const mcpr_caller *caller = mcpr_caller_bound(json, fixture_roles(roles, pool), pool);

    json_decref(json);
    return caller;
}

#endif
