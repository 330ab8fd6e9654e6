/*
 * The list of fuzz targets, and what they share.
 */
#include "t/fuzz/fuzz.h"
#include <apr_strings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
const mcpr_fuzz_target mcpr_fuzz_targets[] = {
    { "accept",        mcpr_fuzz_accept,        256,  NULL },
    { "config",        mcpr_fuzz_config,        4096, "t/unit/config/corpus" },
    { "cursor",        mcpr_fuzz_cursor,        512,  NULL },
    { "feed_toolhive", mcpr_fuzz_feed_toolhive, 4096, NULL },
    { "feed_upstream", mcpr_fuzz_feed_upstream, 4096, NULL },
    { "glob",          mcpr_fuzz_glob,          256,  NULL },
    { "instant",       mcpr_fuzz_instant,       128,  NULL },
    { "legacy",        mcpr_fuzz_legacy,        4096, NULL },
    { "params",        mcpr_fuzz_params,        1024, NULL },
    { "path",          mcpr_fuzz_path,          512,  NULL },
    { "server",        mcpr_fuzz_server,        4096, NULL },
    { NULL,            NULL,                    0,    NULL },
};
/* clang-format on */

const mcpr_fuzz_target *mcpr_fuzz_find(const char *name)
{
    for (const mcpr_fuzz_target *target = mcpr_fuzz_targets; name && target->name; target++) {
        if (strcmp(target->name, name) == 0) {
            return target;
        }
    }
    return NULL;
}

void mcpr_fuzz_once(const mcpr_fuzz_target *target, const void *bytes, apr_size_t len, apr_pool_t *parent)
{
    apr_pool_t *pool;
    /* malloc and not a pool: a sanitizer knows where it ends. */
    char *text = malloc(len + 1);

    if (!text || apr_pool_create(&pool, parent) != APR_SUCCESS) {
        abort();
    }
    if (len > 0) {
        memcpy(text, bytes, len);
    }
    text[len] = '\0';
    target->run(text, len, pool);
    apr_pool_destroy(pool);
    free(text);
}

void mcpr_fuzz_require_at(int holds, const char *condition, const char *file, int line)
{
    if (!holds) {
        fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, condition);
        abort();
    }
}
