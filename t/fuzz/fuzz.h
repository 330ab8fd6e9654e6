/*
 * What a fuzz target is. Every target has two lives: `replay` runs it over its kept corpus in `make check`,
 * and `fuzzer` runs it under libFuzzer (README.md). The one list of them is in targets.c.
 */
#ifndef MCPR_FUZZ_FUZZ_H
#define MCPR_FUZZ_FUZZ_H

#include <apr_pools.h>

typedef struct mcpr_fuzz_target {
    const char *name; /* also the folder of its corpus and, with .dict behind it, its dictionary */
    /* Takes any bytes. `text` has a NUL behind its `len` bytes, and may hold others. `pool` dies afterwards.
     */
    void (*run)(const char *text, apr_size_t len, apr_pool_t *pool);
    apr_size_t max_len;     /* longer inputs teach nothing new */
    const char *more_seeds; /* another folder with inputs, from the top of the source; or NULL */
} mcpr_fuzz_target;

/** The list; the last one has no name. */
extern const mcpr_fuzz_target mcpr_fuzz_targets[];

/** The target of that name, or NULL. */
const mcpr_fuzz_target *mcpr_fuzz_find(const char *name);

/** Runs `target` once over a copy of the bytes, with a pool of its own below `parent`. */
void mcpr_fuzz_once(const mcpr_fuzz_target *target, const void *bytes, apr_size_t len, apr_pool_t *parent);

/** What must hold whatever the input: says what did not, and aborts. */
#define mcpr_fuzz_require(condition) mcpr_fuzz_require_at(!!(condition), #condition, __FILE__, __LINE__)
void mcpr_fuzz_require_at(int holds, const char *condition, const char *file, int line);

/** The targets, one function a row of the list. */
void mcpr_fuzz_accept(const char *text, apr_size_t len, apr_pool_t *pool);
void mcpr_fuzz_config(const char *text, apr_size_t len, apr_pool_t *pool);
void mcpr_fuzz_cursor(const char *text, apr_size_t len, apr_pool_t *pool);
void mcpr_fuzz_feed_toolhive(const char *text, apr_size_t len, apr_pool_t *pool);
void mcpr_fuzz_feed_upstream(const char *text, apr_size_t len, apr_pool_t *pool);
void mcpr_fuzz_glob(const char *text, apr_size_t len, apr_pool_t *pool);
void mcpr_fuzz_instant(const char *text, apr_size_t len, apr_pool_t *pool);
void mcpr_fuzz_legacy(const char *text, apr_size_t len, apr_pool_t *pool);
void mcpr_fuzz_params(const char *text, apr_size_t len, apr_pool_t *pool);
void mcpr_fuzz_path(const char *text, apr_size_t len, apr_pool_t *pool);
void mcpr_fuzz_server(const char *text, apr_size_t len, apr_pool_t *pool);

#endif
