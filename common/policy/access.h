/*
 * Access: what a caller may see, touch and set.
 *
 * A caller is made once per request (or once per token) and then asked. There are three kinds, each with a
 * constructor of its own, so that something forgotten never turns one into another:
 *
 *   unknown   nobody asked who it is: mode anonymous, or a public path. No role, and no gate holds.
 *   open      a valid token, but no authz in the configuration. Every role, and no gate holds.
 *   bound     a valid token and authz. Roles by the rules, gates by the claims. A super-admin is a bound
 *             caller whom no gate holds; of the roles he has those whose own rules match.
 *
 * A gate stands before one thing and tells why it stays closed (auth.md 10.1, 10.3):
 *
 *   role      has the caller the role of the route?
 *   visible   may he see what exists, list it, refer to it, act upon it? One shared string per key is enough.
 *   grant     may he label something with these claims? He must hold every string that he writes.
 *
 * A list shows exactly what the visible gate lets through. Publishing passes grant with the new claims, then
 * visible with the managed source's, then mcpr_claims_equal() with those that the name has. Changing claims
 * or settings passes both gates: grant with the new claims, visible with the stored ones. Deleting passes
 * visible. Which status a closed gate becomes, and what is checked in between, is the route's business.
 */
#ifndef MCPR_POLICY_ACCESS_H
#define MCPR_POLICY_ACCESS_H

#include "common/policy/claims.h"
#include "common/policy/roles.h"
#include "common/util/attributes.h"

/** Who asks; constant once made, so threads may share it. */
typedef struct mcpr_caller mcpr_caller;

typedef enum mcpr_verdict {
    MCPR_VERDICT_ALLOW,
    MCPR_VERDICT_NO_ROLE,
    MCPR_VERDICT_UNLABELLED, /* the resource, or what is to be written, has no claims */
    MCPR_VERDICT_UNCOVERED   /* the caller's claims don't cover it */
} mcpr_verdict;

/** A caller of whom nothing is known, by decision of the configuration. In `pool`. */
const mcpr_caller *mcpr_caller_unknown(apr_pool_t *pool);

/** A caller with a valid token where authz is not configured. In `pool`. */
const mcpr_caller *mcpr_caller_open(apr_pool_t *pool);

/**
 * A caller with the claims of his token, where authz is configured. `claims` that are NULL or no object are
 * those of a caller who has none: he sees nothing. In `pool`; nothing of `claims` and `roles` is kept.
 */
const mcpr_caller *mcpr_caller_bound(const json_t *claims, const mcpr_roles *roles, apr_pool_t *pool);

/** Non-zero when the role is one of his own, as /v1/me lists them. */
int mcpr_caller_has_role(const mcpr_caller *caller, mcpr_role role);

/** Non-zero when no claims hold him: he sees everything, unlabelled things too. */
int mcpr_caller_sees_all(const mcpr_caller *caller);

/** Non-zero when the caller may see what is labelled with `claims`: the filter of lists. Allocates nothing.
 */
int mcpr_claims_visible(const mcpr_caller *caller, const mcpr_claims *claims);

/** ALLOW or NO_ROLE. A super-admin passes. */
mcpr_verdict mcpr_gate_role(const mcpr_caller *caller, mcpr_role role) MCPR_MUSTCHECK;

/** ALLOW, UNLABELLED or UNCOVERED, for something that exists with these claims. */
mcpr_verdict mcpr_gate_visible(const mcpr_caller *caller, const mcpr_claims *claims) MCPR_MUSTCHECK;

/** ALLOW, UNLABELLED or UNCOVERED, for claims that are to be written. */
mcpr_verdict mcpr_gate_grant(const mcpr_caller *caller, const mcpr_claims *claims) MCPR_MUSTCHECK;

/** What the answer says of a closed gate (auth.md 7); "" for ALLOW. */
const char *mcpr_verdict_text(mcpr_verdict verdict);

#endif
