/*
 * A list of problems, each with its place: what a reader of untrusted input returns instead of the first
 * error.
 *
 * Readers go on after a problem where they can, so that somebody who mends a file sees all of it at once.
 * A list is bounded: past its cap problems are counted and no longer kept (a hostile document can't fill
 * memory). Not thread-safe: a list belongs to the call that fills it.
 */
#ifndef MCPR_UTIL_PROBLEMS_H
#define MCPR_UTIL_PROBLEMS_H

#include "common/util/attributes.h"
#include <apr_pools.h>
#include <apr_tables.h>

typedef struct mcpr_problem {
    const char *place;   /* "config.yaml:12", "data.servers.3.name", "" when there is none */
    const char *message; /* one line, UTF-8, no trailing full stop */
} mcpr_problem;

typedef struct mcpr_problems {
    apr_pool_t *pool;
    apr_array_header_t *list; /* of mcpr_problem, the first `cap` of them */
    int cap;
    int total; /* how many were reported; more than list->nelts when the cap was reached */
} mcpr_problems;

/** An empty list that keeps the first `cap` problems. It lives, with its texts, in `pool`. */
mcpr_problems *mcpr_problems_create(apr_pool_t *pool, int cap);

/** Reports one problem. `place` is copied; NULL means "". The message is formatted into the list's pool. */
void mcpr_problems_add(mcpr_problems *problems, const char *place, const char *format, ...) MCPR_PRINTF(3, 4);

/** Non-zero when nothing was reported. */
int mcpr_problems_none(const mcpr_problems *problems);

/**
 * The list as one text in `pool`: one problem reads `prefix: place: message`; several read
 * `prefix with N errors:` and a numbered line each (formats.md 2.9); a last line tells how many were left
 * out.
 */
const char *mcpr_problems_text(const mcpr_problems *problems, const char *prefix, apr_pool_t *pool);

#endif
