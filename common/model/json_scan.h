/*
 * JSON text without a tree: the whole text is checked once, then walked over member by member.
 *
 * The check is strict (RFC 8259, valid UTF-8, paired surrogates, no U+0000, bounded nesting) and knows byte
 * offsets. The walk relies on it: a cursor may only be used on text that passed.
 */
#ifndef MCPR_MODEL_JSON_SCAN_H
#define MCPR_MODEL_JSON_SCAN_H

#include "common/util/attributes.h"
#include "common/util/problems.h"
#include <apr_pools.h>

/** How deep arrays and objects may nest. */
#define MCPR_JSON_DEPTH 200

/** One value (or key, with its quotes) inside a text that passed the check. `start` is NULL when there is
 * none. */
typedef struct mcpr_json_span {
    const char *start;
    apr_size_t len;
    int has_wide_numbers; /* holds a number that may not fit 64 bits: see json_text.h */
} mcpr_json_span;

/** A walk over the members of one object or the elements of one array. */
typedef struct mcpr_json_cursor {
    const char *at;
    int is_object;
} mcpr_json_cursor;

/** What the only problem of a good value says that something follows. */
#define MCPR_JSON_END "the end of the document"

/**
 * Checks the whole text. On success, *value is its only value. Otherwise returns 0 and adds one problem: its
 * place is "line L, byte N" for bad syntax, the path of the string for bad text.
 */
MCPR_MUSTCHECK int mcpr_json_scan(const char *data, apr_size_t len, mcpr_json_span *value,
                                  mcpr_problems *problems);

/**
 * How many values the text holds, keys not counted; at most one too many for each empty array or object.
 * Never more than the text has bytes. `value` is a value of a checked text, or a member with its key.
 */
apr_size_t mcpr_json_count(mcpr_json_span value);

/** Non-zero when the value starts as an object ('{'), an array ('[') or null ('n') does, as `first` says. */
int mcpr_json_starts(mcpr_json_span value, char first);

/** A cursor before the first member or element of `container`, an object or array. */
mcpr_json_cursor mcpr_json_enter(mcpr_json_span container);

/** Moves to the next one; returns 0 at the end. `key` may be NULL for arrays. */
int mcpr_json_next(mcpr_json_cursor *cursor, mcpr_json_span *key, mcpr_json_span *value);

/** The key's text without quotes and escapes, in `pool`. */
const char *mcpr_json_key_text(mcpr_json_span key, apr_pool_t *pool);

/** Finds the members called `names[i]` of `object`, the last of each name, into `found[i]`. */
void mcpr_json_find(mcpr_json_span object, const char *const *names, mcpr_json_span *found, int count,
                    apr_pool_t *pool);

#endif
