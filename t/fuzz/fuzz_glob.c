/*
 * Name filters: a pattern, a newline, and the text that is matched.
 */
#include "common/util/utf8.h"
#include "t/fuzz/fuzz.h"
#include "thv-syncd/sync/glob.h"
#include <apr_strings.h>
#include <string.h>

void mcpr_fuzz_glob(const char *text, apr_size_t len, apr_pool_t *pool)
{
    const char *newline = strchr(text, '\n'), *complaint = NULL, *pattern, *name;
    mcpr_glob *glob;
    int matches;

    if (!newline || !mcpr_utf8_valid(text, len)) {
        return;
    }
    pattern = apr_pstrmemdup(pool, text, (apr_size_t)(newline - text));
    name = newline + 1;
    glob = mcpr_glob_compile(pattern, &complaint, pool);
    mcpr_fuzz_require(glob || (complaint && *complaint));
    if (!glob) {
        return;
    }
    matches = mcpr_glob_matches(glob, name);
    mcpr_fuzz_require(matches == mcpr_glob_matches(glob, name));
    if (!strpbrk(pattern, "*?[]{}\\!,")) {
        mcpr_fuzz_require(!matches == !!strcmp(pattern, name));
    }
}
