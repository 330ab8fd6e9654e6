/*
 * Claims as data: what a set of claims is, in two forms, and when two sets are equal.
 *
 * A set of claims is a JSON object. On a resource (an entry, a source, a registry) it says who may reach it;
 * for a caller it is what the validated token says of him. A claim is a key and a value; what counts of a
 * value are its strings: a string is one, a list holds those of its elements that are strings, all else has
 * none. Order and repeats mean nothing, and "x" is the same as ["x"]. Keys and values are compared byte by
 * byte: nothing is trimmed, folded or split, and a dot in a key is a dot.
 *
 * A value is sound when it is a string or a list of nothing but strings. A resource with one that is not is
 * closed to every caller: a number may stand for anything. A caller's may be unsound; he then has only the
 * strings of it. A set without a key is unlabelled, and so is no set at all, null, and what is no object:
 * nobody but a super-admin reaches what is unlabelled.
 *
 * The two forms: a canonical text, under which equal sets are one row of the store, and the compiled set
 * below, which is made once and compared often. Comparing allocates nothing and fails never. The rules
 * between a caller and a resource are in access.h, those of roles in roles.h, complaints in check.h.
 */
#ifndef MCPR_POLICY_CLAIMS_H
#define MCPR_POLICY_CLAIMS_H

#include <apr_pools.h>
#include <jansson.h>

/** The canonical text of nothing, null and {}: unlabelled. */
#define MCPR_CLAIMS_NONE "{}"

/** A compiled set: constant once made, so threads may share it. Never NULL; unlabelled is a set as well. */
typedef struct mcpr_claims mcpr_claims;

/**
 * The set in `claims`, a caller's or a resource's; NULL and what is no object is unlabelled. Nothing of
 * `claims` is kept: the set lives in `pool` with all its texts.
 */
const mcpr_claims *mcpr_claims_read(const json_t *claims, apr_pool_t *pool);

/**
 * The set in `len` bytes of JSON text, as the store keeps it. A NULL text is unlabelled, and so is one that
 * is no JSON (auth.md 10.1, gate): what can't be read is shown to nobody. Of a repeated key the last counts.
 */
const mcpr_claims *mcpr_claims_parse(const char *text, apr_size_t len, apr_pool_t *pool);

/** Non-zero when the set has no key. */
int mcpr_claims_unlabelled(const mcpr_claims *claims);

/**
 * Non-zero when both sets say the same (auth.md 10.1, equal): the same keys, the same strings in each. All
 * unlabelled sets are equal. A set with an unsound value equals nothing, itself included.
 */
int mcpr_claims_equal(const mcpr_claims *a, const mcpr_claims *b);

/**
 * The canonical form of `claims` (NULL is allowed), compact JSON in `pool`: keys sorted by bytes, lists
 * sorted and without repeats, a list of one string written as that string. Unlabelled is MCPR_CLAIMS_NONE.
 * Sets of sound values are equal exactly when their canonical texts are. Unsound values stay unsound in it.
 * `claims` must come from a decoder: a string in it that is no UTF-8 ends the program.
 */
const char *mcpr_claims_canonical(const json_t *claims, apr_pool_t *pool);

#endif
