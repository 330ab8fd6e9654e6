/*
 * Case folding for search: Unicode's simple folding, the same at write time (stored text) and at read time
 * (term).
 */
#ifndef MCPR_UTIL_FOLD_H
#define MCPR_UTIL_FOLD_H

#include <apr_pools.h>

/** Stands between the fields of a search text; a folded text never holds it (U+FFFF folds to U+FFFD). */
#define MCPR_FOLD_SEPARATOR "\xef\xbf\xbf"

/** `text` (valid UTF-8) with every code point folded by Unicode's simple case folding; in `pool`. */
const char *mcpr_fold(const char *text, apr_pool_t *pool);

#endif
