/*
 * Callers and the gates before things.
 */
#include "common/policy/access.h"
#include "common/policy/match.h"

struct mcpr_caller {
    const mcpr_claims *claims;
    int roles[MCPR_ROLE_COUNT];
    int free; /* no gate holds him */
};

static mcpr_caller *make(const json_t *claims, apr_pool_t *pool)
{
    mcpr_caller *caller = apr_pcalloc(pool, sizeof *caller);

    caller->claims = mcpr_claims_read(claims, pool);
    return caller;
}

const mcpr_caller *mcpr_caller_unknown(apr_pool_t *pool)
{
    mcpr_caller *caller = make(NULL, pool);

    caller->free = 1;
    return caller;
}

const mcpr_caller *mcpr_caller_open(apr_pool_t *pool)
{
    mcpr_caller *caller = make(NULL, pool);

    caller->free = 1;
    for (int role = 0; role < MCPR_ROLE_COUNT; role++) {
        caller->roles[role] = 1;
    }
    return caller;
}

const mcpr_caller *mcpr_caller_bound(const json_t *claims, const mcpr_roles *roles, apr_pool_t *pool)
{
    mcpr_caller *caller = make(claims, pool);

    for (int role = 0; role < MCPR_ROLE_COUNT; role++) {
        caller->roles[role] = mcpr_roles_grant(roles, caller->claims, role);
    }
    caller->free = caller->roles[MCPR_ROLE_SUPER_ADMIN];
    return caller;
}

int mcpr_caller_has_role(const mcpr_caller *caller, mcpr_role role)
{
    return caller->roles[role];
}

int mcpr_caller_sees_all(const mcpr_caller *caller)
{
    return caller->free;
}

static mcpr_verdict gate(const mcpr_caller *caller, const mcpr_claims *claims, mcpr_claims_rule rule)
{
    if (caller->free) {
        return MCPR_VERDICT_ALLOW;
    }
    if (mcpr_claims_unlabelled(claims)) {
        return MCPR_VERDICT_UNLABELLED;
    }
    return mcpr_claims_match(caller->claims, claims, rule) ? MCPR_VERDICT_ALLOW : MCPR_VERDICT_UNCOVERED;
}

mcpr_verdict mcpr_gate_role(const mcpr_caller *caller, mcpr_role role)
{
    return caller->free || caller->roles[role] ? MCPR_VERDICT_ALLOW : MCPR_VERDICT_NO_ROLE;
}

mcpr_verdict mcpr_gate_visible(const mcpr_caller *caller, const mcpr_claims *claims)
{
    return gate(caller, claims, MCPR_CLAIMS_VISIBLE);
}

mcpr_verdict mcpr_gate_grant(const mcpr_caller *caller, const mcpr_claims *claims)
{
    return gate(caller, claims, MCPR_CLAIMS_GRANT);
}

int mcpr_claims_visible(const mcpr_caller *caller, const mcpr_claims *claims)
{
    return mcpr_gate_visible(caller, claims) == MCPR_VERDICT_ALLOW;
}

static const char *const texts[] = {
    [MCPR_VERDICT_ALLOW] = "",
    [MCPR_VERDICT_NO_ROLE] = "forbidden: insufficient permissions",
    [MCPR_VERDICT_UNLABELLED] = "insufficient claims: resource has no claims",
    [MCPR_VERDICT_UNCOVERED] = "insufficient claims: caller claims do not cover resource claims",
};

const char *mcpr_verdict_text(mcpr_verdict verdict)
{
    return texts[verdict];
}
