/*
 * A document in a file of this machine (spec sync.md 4), or the one that a source made through the API holds
 * itself; one behind a URL is url.c's. Of files only a regular file is
 * read: a pipe or a device could keep the daemon for ever, so it is opened without waiting and looked at
 * before the first byte.
 */
#include "common/util/utf8.h"
#include "thv-syncd/sources/source.h"
#include "thv-syncd/sources/url.h"
#include "thv-syncd/sources/url_memo.h"
#include <apr_lib.h>
#include <apr_strings.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_BYTES (1024 * 1024)

static json_t *describe(const mcpr_config_source *config)
{
    json_t *block = json_object();

    if (config->file.path) {
        json_object_set_new(block, "path", json_string(config->file.path));
    }
    if (config->file.url) {
        json_object_set_new(block, "url", mcpr_source_described_url(config->file.url));
        mcpr_source_describe_timeout(block, config->file.timeout, MCPR_FILE_TIMEOUT);
    }
    if (config->file.data) {
        json_object_set_new(block, "data", json_string(config->file.data));
    }
    return block;
}

static apr_status_t check(mcpr_source *source, const char **error)
{
    const mcpr_config_file *file = &source->config->file;

    if (file->path && file->url) {
        *error = "file path and url are mutually exclusive";
        return APR_EINVAL;
    }
    if (!file->path && !file->url && !file->data) {
        *error = "file path or url cannot be empty";
        return APR_EINVAL;
    }
    return APR_SUCCESS;
}

static const char *failed(const char *path, const char *step, int error, apr_pool_t *pool)
{
    const char *clean = mcpr_utf8_clean(path, strlen(path), 1024, pool);
    char *reason;

    if (error == ENOENT) {
        return apr_psprintf(pool, "failed to fetch data: file not found: %s", clean);
    }
    reason = apr_pstrdup(pool, strerror(error));
    *reason = (char)apr_tolower(*reason); /* as the reference has it: in the middle of a sentence */
    return apr_psprintf(pool, "failed to fetch data: failed to read file %s: %s %s: %s", clean, step, clean,
                        reason);
}

static apr_status_t free_data(void *data)
{
    free(data);
    return APR_SUCCESS;
}

/* Reads what fstat promised, and one byte more to notice a file that grows. */
static apr_status_t read_all(mcpr_source *source, int fd, apr_size_t size, mcpr_document *document,
                             const char **error, apr_pool_t *pool)
{
    char *data = malloc(size + 1);
    apr_size_t len = 0;
    ssize_t got = 0;

    if (!data) {
        *error = apr_psprintf(pool, "failed to fetch data: no memory for %" APR_SIZE_T_FMT " bytes", size);
        return APR_ENOMEM;
    }
    apr_pool_cleanup_register(pool, data, free_data, apr_pool_cleanup_null);
    while (len <= size) {
        apr_size_t want = size + 1 - len < READ_BYTES ? size + 1 - len : READ_BYTES;
        apr_status_t status = mcpr_pulse_beat(source->pulse);

        if (status != APR_SUCCESS) {
            *error = "stopped";
            return status;
        }
        got = read(fd, data + len, want);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        len += (apr_size_t)got;
    }
    if (got < 0) {
        int reason = errno;

        *error = failed(source->config->file.path, "read", reason, pool);
        return APR_FROM_OS_ERROR(reason);
    }
    if (len != size) {
        *error = apr_psprintf(
            pool, "failed to fetch data: file %s changed while it was read",
            mcpr_utf8_clean(source->config->file.path, strlen(source->config->file.path), 1024, pool));
        return APR_EGENERAL;
    }
    document->data = data;
    document->len = len;
    return APR_SUCCESS;
}

static apr_status_t fetch_open(mcpr_source *source, int fd, mcpr_document *document, const char **error,
                               apr_pool_t *pool)
{
    const char *path = source->config->file.path;
    struct stat is;

    if (fstat(fd, &is) != 0) {
        int reason = errno;

        *error = failed(path, "stat", reason, pool);
        return APR_FROM_OS_ERROR(reason);
    }
    if (S_ISDIR(is.st_mode)) {
        *error = failed(path, "read", EISDIR, pool);
        return APR_EGENERAL;
    }
    if (!S_ISREG(is.st_mode)) {
        *error = apr_psprintf(pool, "failed to fetch data: failed to read file %s: not a regular file",
                              mcpr_utf8_clean(path, strlen(path), 1024, pool));
        return APR_EGENERAL;
    }
    if (is.st_size > source->limits.document_bytes) {
        *error = apr_pstrcat(pool, "failed to fetch data: ",
                             mcpr_source_too_large(is.st_size, source->limits.document_bytes, pool), NULL);
        return APR_EGENERAL;
    }
    return read_all(source, fd, (apr_size_t)is.st_size, document, error, pool);
}

static apr_status_t fetch_path(mcpr_source *source, mcpr_document *document, const char **error,
                               apr_pool_t *pool)
{
    int fd = open(source->config->file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    int reason = errno;
    apr_status_t status;

    if (fd < 0) {
        *error = failed(source->config->file.path, "open", reason, pool);
        return APR_FROM_OS_ERROR(reason);
    }
    status = fetch_open(source, fd, document, error, pool);
    close(fd);
    return status;
}

static apr_status_t take_data(mcpr_source *source, mcpr_document *document, const char **error,
                              apr_pool_t *pool)
{
    document->data = source->config->file.data;
    document->len = strlen(document->data);
    if ((apr_int64_t)document->len > source->limits.document_bytes) {
        *error = apr_pstrcat(
            pool, "failed to fetch data: ",
            mcpr_source_too_large((apr_int64_t)document->len, source->limits.document_bytes, pool), NULL);
        return APR_EGENERAL;
    }
    return APR_SUCCESS;
}

static apr_status_t fetch(mcpr_source *source, mcpr_document *document, const char **error, apr_pool_t *pool)
{
    const mcpr_config_file *file = &source->config->file;

    if (file->url) {
        return mcpr_url_fetch(source, document, error, pool);
    }
    return file->path ? fetch_path(source, document, error, pool) : take_data(source, document, error, pool);
}

const mcpr_source_handler mcpr_source_file = {
    .type = MCPR_SOURCE_FILE,
    .syncable = 1,
    .describe = describe,
    .open = check,
    .fetch = fetch,
    .sweep = mcpr_url_memo_sweep,
};
