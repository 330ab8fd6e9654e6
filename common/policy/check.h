/*
 * What is wrong with claims and role rules that somebody wrote.
 */
#ifndef MCPR_POLICY_CHECK_H
#define MCPR_POLICY_CHECK_H

#include "common/policy/roles.h"
#include "common/util/problems.h"

/**
 * Reports every value of `claims` that is neither a string nor a list of strings, with its key and index, and
 * every one that holds NUL, which no store keeps. `place` goes with each problem. NULL and null are no claims
 * and nothing to complain of; what is no object is one problem. Non-zero when there was nothing to report.
 */
int mcpr_claims_check(const json_t *claims, const char *place, mcpr_problems *problems) MCPR_MUSTCHECK;

/**
 * Warns of what role rules say in vain (auth.md quirk 27): a map or a value that matches nobody, an element
 * of a list that is passed over. `roles` as for mcpr_roles_read(); places begin with "auth.authz.roles".
 */
void mcpr_roles_warn(const json_t *roles, mcpr_problems *warnings);

#endif
