/*
 * The pattern dialect of name filters (spec sync.md 10): whole string, case-sensitive, by Unicode character;
 * `*` crosses `/`; classes are one range or one list; braces are alternatives. Matching takes time
 * proportional to pattern times text, whatever the pattern.
 */
#ifndef THV_SYNCD_SYNC_GLOB_H
#define THV_SYNCD_SYNC_GLOB_H

#include <apr_pools.h>

typedef struct mcpr_glob mcpr_glob;

/** A pattern (valid UTF-8), ready to match, in `pool`; NULL when it is invalid, with the reason in
 * *complaint. */
mcpr_glob *mcpr_glob_compile(const char *pattern, const char **complaint, apr_pool_t *pool);

/** Non-zero when the whole `text` (valid UTF-8) matches. */
int mcpr_glob_matches(mcpr_glob *glob, const char *text);

#endif
