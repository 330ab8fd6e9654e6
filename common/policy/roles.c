/*
 * Role rules, compiled, and their evaluation.
 */
#include "common/policy/roles.h"
#include "common/policy/match.h"
#include <apr_tables.h>

struct mcpr_roles {
    const apr_array_header_t *rules[MCPR_ROLE_COUNT]; /* of const mcpr_claims * */
};

static const char *const names[MCPR_ROLE_COUNT] = {
    [MCPR_ROLE_SUPER_ADMIN] = "superAdmin",
    [MCPR_ROLE_MANAGE_SOURCES] = "manageSources",
    [MCPR_ROLE_MANAGE_REGISTRIES] = "manageRegistries",
    [MCPR_ROLE_MANAGE_ENTRIES] = "manageEntries",
};

const char *mcpr_role_name(mcpr_role role)
{
    return names[role];
}

static const apr_array_header_t *read_rules(const json_t *rules, apr_pool_t *pool)
{
    apr_array_header_t *list = apr_array_make(pool, 1, sizeof(const mcpr_claims *));
    size_t index;
    json_t *rule;

    if (json_is_object(rules)) {
        APR_ARRAY_PUSH(list, const mcpr_claims *) = mcpr_claims_read(rules, pool);
    }
    json_array_foreach(rules, index, rule)
    {
        APR_ARRAY_PUSH(list, const mcpr_claims *) = mcpr_claims_read(rule, pool);
    }
    return list;
}

const mcpr_roles *mcpr_roles_read(const json_t *roles, apr_pool_t *pool)
{
    mcpr_roles *made = apr_pcalloc(pool, sizeof *made);

    for (int role = 0; role < MCPR_ROLE_COUNT; role++) {
        made->rules[role] = read_rules(json_object_get(roles, names[role]), pool);
    }
    return made;
}

int mcpr_roles_grant(const mcpr_roles *roles, const mcpr_claims *caller, mcpr_role role)
{
    const apr_array_header_t *rules = roles->rules[role];

    for (int i = 0; i < rules->nelts; i++) {
        if (mcpr_claims_match(caller, APR_ARRAY_IDX(rules, i, const mcpr_claims *), MCPR_CLAIMS_ROLE)) {
            return 1;
        }
    }
    return 0;
}
