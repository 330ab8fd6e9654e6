/*
 * The rules of claims, for the files of this room and their tests: everybody else asks access.h, which knows
 * who is bound by a rule at all.
 */
#ifndef MCPR_POLICY_MATCH_H
#define MCPR_POLICY_MATCH_H

#include "common/policy/claims.h"

typedef enum mcpr_claims_rule {
    MCPR_CLAIMS_VISIBLE, /* needs sound; every key shares a string, [] only wants the key to be there */
    MCPR_CLAIMS_GRANT,   /* needs sound; every string of every key is held, [] only wants the key */
    MCPR_CLAIMS_ROLE     /* every key shares a string: [] and what has no strings never match */
} mcpr_claims_rule;

/**
 * Non-zero when `have` meets every key of `need` under `rule` (auth.md 9 for roles, 10.1). Zero when `need`
 * is unlabelled: to ask for nothing is no rule.
 */
int mcpr_claims_match(const mcpr_claims *have, const mcpr_claims *need, mcpr_claims_rule rule);

#endif
