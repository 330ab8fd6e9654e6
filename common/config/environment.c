/*
 * The environment: which variable sets which key.
 */
#include "common/config/environment.h"
#include <apr_lib.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

mcpr_environment *mcpr_environment_read(const char *const *env, apr_pool_t *pool)
{
    mcpr_environment *result = apr_pcalloc(pool, sizeof *result);
    apr_size_t prefix = strlen(MCPR_VARIABLE_PREFIX);

    result->pool = pool;
    result->values = apr_hash_make(pool);
    for (; env && *env; env++) {
        const char *equals = strchr(*env, '=');
        const char *name;

        if (!equals || equals[1] == '\0' || strncmp(*env, MCPR_VARIABLE_PREFIX, prefix) != 0 ||
            equals < *env + prefix) {
            continue;
        }
        name = apr_pstrmemdup(pool, *env + prefix, (apr_size_t)(equals - *env) - prefix);
        if (!apr_hash_get(result->values, name,
                          APR_HASH_KEY_STRING)) { /* as getenv(): the first one counts */
            apr_hash_set(result->values, name, APR_HASH_KEY_STRING, apr_pstrdup(pool, equals + 1));
        }
    }
    return result;
}

/* database.maxOpenConns → DATABASE_MAXOPENCONNS; the first `len` bytes of the path. */
static const char *variable_name(const char *path, apr_size_t len, apr_pool_t *pool)
{
    char *name = apr_pstrmemdup(pool, path, len);

    for (char *p = name; *p; p++) {
        *p = *p == '.' ? '_' : (char)apr_toupper(*p);
    }
    return name;
}

const char *mcpr_environment_get(const mcpr_environment *env, const mcpr_key *key, const char **name)
{
    const char *candidates[] = {variable_name(key->path, strlen(key->path), env->pool), key->variable};

    for (apr_size_t i = 0; i < sizeof candidates / sizeof *candidates; i++) {
        const char *value =
            candidates[i] ? apr_hash_get(env->values, candidates[i], APR_HASH_KEY_STRING) : NULL;

        if (value) {
            *name = apr_pstrcat(env->pool, MCPR_VARIABLE_PREFIX, candidates[i], NULL);
            return value;
        }
    }
    return NULL;
}

void mcpr_environment_drop(mcpr_environment *env, const char *name)
{
    apr_hash_set(env->values, name + strlen(MCPR_VARIABLE_PREFIX), APR_HASH_KEY_STRING, NULL);
}

int mcpr_environment_sets_below(const mcpr_environment *env, const char *path)
{
    apr_size_t len = strlen(path);
    const char *name;

    for (const mcpr_key *key = mcpr_keys_top; key->path; key++) {
        if (strncmp(key->path, path, len) == 0 && key->path[len] == '.' &&
            mcpr_environment_get(env, key, &name)) {
            return 1;
        }
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Notes the variable of each block that leads to `path`, and of `path` itself when it is one. */
static void note_blocks(const mcpr_environment *env, const char *path, int itself, apr_hash_t *found)
{
    for (apr_size_t len = strcspn(path, ".");; len += 1 + strcspn(path + len + 1, ".")) {
        const char *name;

        if (path[len] == '\0' && !itself) {
            return;
        }
        name = variable_name(path, len, env->pool);
        if (apr_hash_get(env->values, name, APR_HASH_KEY_STRING)) {
            apr_hash_set(found, name, APR_HASH_KEY_STRING,
                         apr_pstrcat(env->pool, MCPR_VARIABLE_PREFIX, name, NULL));
        }
        if (path[len] == '\0') {
            return;
        }
    }
}

apr_array_header_t *mcpr_environment_blocks(const mcpr_environment *env)
{
    apr_hash_t *found = apr_hash_make(env->pool);
    apr_array_header_t *names = apr_array_make(env->pool, 2, sizeof(const char *));

    for (const mcpr_key *key = mcpr_keys_top; key->path; key++) {
        note_blocks(env, key->path, 0, found);
    }
    for (const char *const *path = mcpr_keys_lists; *path; path++) {
        note_blocks(env, *path, 1, found);
    }
    for (apr_hash_index_t *i = apr_hash_first(env->pool, found); i; i = apr_hash_next(i)) {
        APR_ARRAY_PUSH(names, const char *) = apr_hash_this_val(i);
    }
    qsort(names->elts, (size_t)names->nelts, sizeof(const char *), compare);
    return names;
}

int mcpr_environment_is_service(const char *value)
{
    static const char *const schemes[] = {"tcp://", "udp://", "sctp://"};

    for (apr_size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strncmp(value, schemes[i], strlen(schemes[i])) == 0) {
            return 1;
        }
    }
    return 0;
}
