/*
 * The memo is a small file: "url-NAME.json". It holds a hash of the URL, since a URL may hold a password.
 */
#include "thv-syncd/sources/url_memo.h"
#include "common/util/digest.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sources/source.h"
#include <apr_file_info.h>
#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PREFIX "url-"
#define SUFFIX ".json"

static const char *file_of(const char *name, apr_pool_t *pool)
{
    return apr_pstrcat(pool, PREFIX, mcpr_source_file_name(name, pool), SUFFIX, NULL);
}

static const char *path_of(const char *state_dir, const char *name, apr_pool_t *pool)
{
    return apr_pstrcat(pool, state_dir, "/", file_of(name, pool), NULL);
}

static const char *copied(const json_t *memo, const char *key, apr_pool_t *pool)
{
    const char *text = json_string_value(json_object_get(memo, key));

    return text ? apr_pstrdup(pool, text) : NULL;
}

int mcpr_url_memo_read(mcpr_url_memo *memo, const char *state_dir, const char *name, apr_pool_t *pool)
{
    json_t *stored = json_load_file(path_of(state_dir, name, pool), 0, NULL);
    const char *url = mcpr_sha256_hex(memo->url, strlen(memo->url), pool), *stored_url;

    memo->hash = copied(stored, "hash", pool);
    memo->etag = copied(stored, "etag", pool);
    memo->last_modified = copied(stored, "lastModified", pool);
    stored_url = copied(stored, "url", pool);
    json_decref(stored);
    return memo->hash && stored_url && strcmp(stored_url, url) == 0;
}

/* Whole or not at all. */
static int write_file(const json_t *memo, const char *path, apr_pool_t *pool)
{
    const char *part = apr_pstrcat(pool, path, ".part", NULL);
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    int done = fd >= 0 && json_dumpfd(memo, fd, JSON_COMPACT) == 0;

    if (fd >= 0) {
        done = close(fd) == 0 && done;
    }
    return done && rename(part, path) == 0;
}

void mcpr_url_memo_write(const mcpr_url_memo *memo, const char *state_dir, const char *name, apr_pool_t *pool)
{
    const char *path = path_of(state_dir, name, pool);
    json_t *all = NULL;

    if (memo->etag || memo->last_modified) {
        /* NULL when a header is not UTF-8: then there is nothing to ask with */
        all = json_pack("{s:s, s:s, s:s*, s:s*}", "url", mcpr_sha256_hex(memo->url, strlen(memo->url), pool),
                        "hash", memo->hash, "etag", memo->etag, "lastModified", memo->last_modified);
    }
    if (!all) {
        (void)unlink(path);
    } else if (!write_file(all, path, pool)) {
        mcpr_log(MCPR_LOG_WARN, "What is known of a URL could not be kept", "s:s, s:s, s:s", "source", name,
                 "path", path, "error", strerror(errno));
    }
    json_decref(all);
}

/* Is it the memo of one of these, or none at all? Of a half-written one nobody is the owner. */
static int is_wanted(const char *file, const apr_array_header_t *names, apr_pool_t *pool)
{
    for (int i = 0; i < names->nelts; i++) {
        if (strcmp(file, file_of(APR_ARRAY_IDX(names, i, const char *), pool)) == 0) {
            return 1;
        }
    }
    return strncmp(file, PREFIX, sizeof PREFIX - 1) != 0 || !strstr(file, SUFFIX);
}

apr_status_t mcpr_url_memo_sweep(const char *state_dir, const apr_array_header_t *names, apr_pool_t *pool)
{
    apr_status_t result = APR_SUCCESS;
    apr_finfo_t file;
    apr_dir_t *dir;

    if (!state_dir || apr_dir_open(&dir, state_dir, pool) != APR_SUCCESS) {
        return APR_SUCCESS;
    }
    while (apr_dir_read(&file, APR_FINFO_DIRENT, dir) == APR_SUCCESS) {
        if (!is_wanted(file.name, names, pool) &&
            unlink(apr_pstrcat(pool, state_dir, "/", file.name, NULL)) != 0 && errno != ENOENT) {
            result = APR_FROM_OS_ERROR(errno);
        }
    }
    apr_dir_close(dir);
    return result;
}
