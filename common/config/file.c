/*
 * The configuration file: its path, its extension, its bytes.
 */
#include "common/config/file.h"
#include "common/config/yaml.h"
#include <apr_file_io.h>
#include <apr_strings.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_LINKS 255

static const char *target_of(const char *link, apr_pool_t *pool)
{
    struct stat info;
    char target[PATH_MAX];
    ssize_t len;

    if (lstat(link, &info) != 0 || !S_ISLNK(info.st_mode)) {
        return NULL;
    }
    len = readlink(link, target, sizeof target);
    return len > 0 && len < (ssize_t)sizeof target ? apr_pstrmemdup(pool, target, (apr_size_t)len) : NULL;
}

/*
 * Non-zero when a relative path ends above or beside the working directory. Links are followed by hand,
 * because one that is absolute makes the path absolute, which is fine, and realpath() doesn't tell.
 */
static int leaves_directory(const char *path, apr_pool_t *pool)
{
    apr_array_header_t *parts = apr_array_make(pool, 8, sizeof(const char *));
    int links = 0;

    while (*path) {
        apr_size_t len = strcspn(path, "/");
        const char *part = apr_pstrmemdup(pool, path, len), *target;
        int up = strcmp(part, "..") == 0;

        path += len + (path[len] == '/');
        if (len == 0 || strcmp(part, ".") == 0) {
            continue;
        }
        if (up && parts->nelts > 0 && strcmp(APR_ARRAY_IDX(parts, parts->nelts - 1, char *), "..") != 0) {
            apr_array_pop(parts);
            continue;
        }
        APR_ARRAY_PUSH(parts, const char *) = part;
        target = up ? NULL : target_of(apr_array_pstrcat(pool, parts, '/'), pool);
        if (!target) {
            continue;
        }
        if (*target == '/') {
            return 0;
        }
        if (++links > MAX_LINKS) {
            return 1;
        }
        apr_array_pop(parts);
        path = apr_pstrcat(pool, target, "/", path, NULL);
    }
    return parts->nelts > 0 && strcmp(APR_ARRAY_IDX(parts, 0, char *), "..") == 0;
}

/* The extension of the last segment, without its dot; "" when there is none. */
static const char *extension(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');

    return dot ? dot + 1 : "";
}

/* The bytes of a regular file. The open does not wait: a FIFO is refused, not read. */
static apr_status_t slurp(const char *path, char **bytes, apr_size_t *len, const char **why, apr_pool_t *pool)
{
    apr_file_t *file;
    apr_finfo_t info;
    apr_status_t rv = apr_file_open(&file, path, APR_FOPEN_READ | APR_FOPEN_BINARY | APR_FOPEN_NONBLOCK,
                                    APR_FPROT_OS_DEFAULT, pool);
    char reason[256];

    if (rv != APR_SUCCESS) {
        *why = apr_pstrdup(pool, apr_strerror(rv, reason, sizeof reason));
        return rv;
    }
    rv = apr_file_info_get(&info, APR_FINFO_TYPE | APR_FINFO_SIZE, file);
    if (rv == APR_SUCCESS && info.filetype != APR_REG) {
        *why = "not a regular file";
        rv = APR_EINVAL;
    } else if (rv == APR_SUCCESS && info.size > MCPR_CONFIG_BYTES) {
        *why = apr_psprintf(pool, "larger than %d bytes", MCPR_CONFIG_BYTES);
        rv = APR_EINVAL;
    } else if (rv == APR_SUCCESS) {
        *bytes = apr_palloc(pool, (apr_size_t)info.size + 1);
        rv = apr_file_read_full(file, *bytes, (apr_size_t)info.size, len);
        rv = APR_STATUS_IS_EOF(rv) ? APR_SUCCESS : rv;
        *why = apr_pstrdup(pool, apr_strerror(rv, reason, sizeof reason));
    }
    apr_file_close(file);
    return rv;
}

const mcpr_node *mcpr_config_read(const char *path, mcpr_problems *problems, apr_pool_t *pool)
{
    const char *why = NULL, *kind;
    char *resolved, *bytes = NULL;
    apr_size_t len = 0;

    if (!path || !*path) {
        mcpr_problems_add(problems, NULL, "path is required");
        return NULL;
    }
    resolved = realpath(path, NULL);
    if (!resolved) {
        mcpr_problems_add(problems, path,
                          "cannot read the configuration file: it does not exist or its links "
                          "cannot be resolved");
        return NULL;
    }
    kind = apr_pstrdup(pool, extension(resolved));
    free(resolved);
    if (*path != '/' && leaves_directory(path, pool)) {
        mcpr_problems_add(problems, path, "a relative path must stay below the working directory");
        return NULL;
    }
    if (strcmp(kind, "yaml") != 0 && strcmp(kind, "yml") != 0 && strcmp(kind, "json") != 0) {
        mcpr_problems_add(problems, path, "unsupported config type '%s': it must be yaml, yml or json", kind);
        return NULL;
    }
    if (slurp(path, &bytes, &len, &why, pool) != APR_SUCCESS) {
        mcpr_problems_add(problems, path, "failed to read config file: %s", why);
        return NULL;
    }
    if (strcmp(kind, "json") == 0) {
        const char *text = mcpr_json_as_yaml(bytes, len, path, problems, pool);

        return text ? mcpr_yaml_parse(text, strlen(text), path, problems, pool) : NULL;
    }
    return mcpr_yaml_parse(bytes, len, path, problems, pool);
}
