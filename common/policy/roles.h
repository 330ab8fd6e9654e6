/*
 * Roles: who may do what, by rules over the caller's claims (auth.md 9).
 *
 * The rules live in the configuration only, at auth.authz.roles: for each role a list of maps. A map grants
 * its role when it has a key and the caller shares a string with it under every key; one map is enough. This
 * is not the rule of resources: [] and {} match nobody here, and what is no string in a list is passed over.
 */
#ifndef MCPR_POLICY_ROLES_H
#define MCPR_POLICY_ROLES_H

#include "common/policy/claims.h"

/** In the order in which they are answered. */
typedef enum mcpr_role {
    MCPR_ROLE_SUPER_ADMIN,
    MCPR_ROLE_MANAGE_SOURCES,
    MCPR_ROLE_MANAGE_REGISTRIES,
    MCPR_ROLE_MANAGE_ENTRIES
} mcpr_role;

#define MCPR_ROLE_COUNT 4

/** The rules of all roles, compiled; constant once made. */
typedef struct mcpr_roles mcpr_roles;

/** The word of a role in configuration and answers: "manageSources". */
const char *mcpr_role_name(mcpr_role role);

/**
 * The rules in `roles`, an object of lists of maps by role; one map may stand for a list of one. Lives in
 * `pool` and keeps nothing of `roles`. What has another shape, an unknown role and a NULL grant nothing; the
 * configuration has refused them before.
 */
const mcpr_roles *mcpr_roles_read(const json_t *roles, apr_pool_t *pool);

/** Non-zero when a rule of `role` itself matches; that a super-admin passes every gate is in access.h. */
int mcpr_roles_grant(const mcpr_roles *roles, const mcpr_claims *caller, mcpr_role role);

#endif
