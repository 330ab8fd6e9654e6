/*
 * Claims as data: the canonical form under which equal sets are one row (design: claim_set).
 */
#ifndef MCPR_POLICY_CLAIMS_H
#define MCPR_POLICY_CLAIMS_H

#include <apr_pools.h>
#include <jansson.h>

/** The canonical text of nothing, null and {}: unlabelled. */
#define MCPR_CLAIMS_NONE "{}"

/**
 * The canonical form of `claims` (an object of strings and lists of strings; NULL is allowed): compact JSON,
 * keys sorted by bytes, lists sorted and without repeats. A one-element list is not the string: they are
 * matched alike but written differently, and stay apart. In `pool`.
 */
const char *mcpr_claims_canonical(const json_t *claims, apr_pool_t *pool);

#endif
