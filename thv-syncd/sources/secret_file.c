/*
 * The file of a secret: opened without waiting, bounded, trimmed of Unicode's white space.
 */
#include "thv-syncd/sources/secret_file.h"
#include "common/util/utf8.h"
#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECRET_MOST 65536

/* Unicode's White_Space, as UTF-8. */
static const char *const spaces[] = {
    "\t",           "\n",           "\v",           "\f",           "\r",           " ",
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
    "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
    "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f",
    "\xe3\x80\x80",
};

/* The bytes of a space at the begin of `text`, or at its end; 0 when there is none. */
static apr_size_t space(const char *text, apr_size_t len, int at_end)
{
    for (apr_size_t i = 0; i < sizeof spaces / sizeof *spaces; i++) {
        apr_size_t size = strlen(spaces[i]);

        if (size <= len && memcmp(at_end ? text + len - size : text, spaces[i], size) == 0) {
            return size;
        }
    }
    return 0;
}

static const char *trimmed(const char *text, apr_size_t len, apr_pool_t *pool)
{
    apr_size_t step;

    while ((step = space(text, len, 0)) > 0) {
        text += step;
        len -= step;
    }
    while ((step = space(text, len, 1)) > 0) {
        len -= step;
    }
    return apr_pstrmemdup(pool, text, len);
}

static const char *failed(const char *step, const char *path, const char *reason, apr_pool_t *pool)
{
    return apr_psprintf(pool, "%s %s: %s", step, mcpr_utf8_clean(path, strlen(path), 1024, pool), reason);
}

/* Follows links. A relative path stays refused, a relative link to an absolute target is fine. */
static int is_absolute(const char *path)
{
    char target[PATH_MAX];
    ssize_t len = path[0] == '/' ? 0 : readlink(path, target, sizeof target);

    return path[0] == '/' || (len > 0 && target[0] == '/');
}

static apr_status_t read_open(const char **secret, int fd, const char *path, const char **error,
                              apr_pool_t *pool)
{
    char *text = apr_palloc(pool, SECRET_MOST + 1);
    apr_size_t len = 0;
    ssize_t got;

    do {
        got = read(fd, text + len, SECRET_MOST + 1 - len);
        len += got > 0 ? (apr_size_t)got : 0;
    } while (got > 0 && len <= SECRET_MOST);
    if (got < 0) {
        *error = failed("read", path, strerror(errno), pool);
        return APR_EGENERAL;
    }
    if (len > SECRET_MOST || memchr(text, '\0', len)) {
        *error = failed("read", path, len > SECRET_MOST ? "too long for a secret" : "holds a NUL byte", pool);
        return APR_EINVAL;
    }
    *secret = trimmed(text, len, pool);
    return APR_SUCCESS;
}

apr_status_t mcpr_secret_read(const char **secret, const char *path, const char **error, apr_pool_t *pool)
{
    apr_status_t status;
    int fd;

    if (!is_absolute(path)) {
        *error = failed("open", path, "not an absolute path", pool);
        return APR_EINVAL;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        *error = failed("open", path, strerror(errno), pool);
        return APR_EGENERAL;
    }
    status = read_open(secret, fd, path, error, pool);
    close(fd);
    return status;
}
