/*
 * The list of handlers, and the calls that go through it.
 */
#include "thv-syncd/sources/source.h"
#include "common/config/duration.h"
#include "common/util/digest.h"
#include "common/util/utf8.h"
#include <apr_strings.h>
#include <string.h>

#define FILE_NAME_MOST 64

/* A type without a row is known to the configuration but not yet to this daemon. */
static const mcpr_source_handler *const handlers[] = {
    &mcpr_source_api,
    &mcpr_source_file,
    &mcpr_source_git,
    &mcpr_source_managed,
};

static const mcpr_source_handler *find(mcpr_source_type type)
{
    for (apr_size_t i = 0; i < sizeof handlers / sizeof *handlers; i++) {
        if (handlers[i]->type == type) {
            return handlers[i];
        }
    }
    return NULL;
}

const char *mcpr_source_complaint(const mcpr_config_source *config, apr_pool_t *pool)
{
    const mcpr_source_handler *handler = find(config->type);

    if (!handler) {
        return apr_psprintf(pool, "source '%s': sources of type %s are not supported yet (key sources[].%s)",
                            config->name, mcpr_source_type_name(config->type),
                            mcpr_source_type_name(config->type));
    }
    return handler->check ? handler->check(config, pool) : NULL;
}

int mcpr_source_syncable(const mcpr_config_source *config)
{
    const mcpr_source_handler *handler = find(config->type);

    return handler && handler->syncable;
}

json_t *mcpr_source_describe(const mcpr_config_source *config)
{
    const mcpr_source_handler *handler = find(config->type);

    return handler ? handler->describe(config) : json_object();
}

apr_status_t mcpr_source_open(mcpr_source **source, const mcpr_config_source *config,
                              const mcpr_source_limits *limits, const mcpr_pulse *pulse, const char **error,
                              apr_pool_t *pool)
{
    mcpr_source *self = apr_pcalloc(pool, sizeof *self);

    *source = self;
    if (config->complaint) {
        *error = config->complaint;
        return APR_EINVAL;
    }
    self->handler = find(config->type);
    self->config = config;
    self->limits = *limits;
    self->pulse = pulse;
    self->pool = pool;
    if (!self->handler || !self->handler->fetch) {
        *error = apr_psprintf(pool, "unsupported source type: %s", mcpr_source_type_name(config->type));
        return APR_ENOTIMPL;
    }
    return self->handler->open ? self->handler->open(self, error) : APR_SUCCESS;
}

apr_status_t mcpr_source_fetch(mcpr_source *source, mcpr_document *document, const char **error,
                               apr_pool_t *pool)
{
    apr_status_t status;

    memset(document, 0, sizeof *document);
    if (source->config->bad_timeout) {
        *error = source->config->bad_timeout;
        return APR_EINVAL;
    }
    status = source->handler->fetch(source, document, error, pool);
    if (status == APR_SUCCESS && !document->hash) {
        document->hash = mcpr_sha256_hex(document->data, document->len, pool);
    }
    return status;
}

apr_status_t mcpr_source_sweep(const char *state_dir, const apr_array_header_t *names, apr_pool_t *pool)
{
    apr_status_t result = APR_SUCCESS;

    for (apr_size_t i = 0; i < sizeof handlers / sizeof *handlers; i++) {
        apr_status_t status = handlers[i]->sweep ? handlers[i]->sweep(state_dir, names, pool) : APR_SUCCESS;

        result = status == APR_SUCCESS ? result : status;
    }
    return result;
}

json_t *mcpr_source_described_url(const char *url)
{
    apr_size_t len = strlen(url);
    apr_pool_t *pool;
    json_t *text;

    apr_pool_create(&pool, NULL);
    text = json_string(mcpr_utf8_clean(url, len, 3 * len + 1, pool)); /* each byte may become three */
    apr_pool_destroy(pool);
    return text;
}

void mcpr_source_describe_timeout(json_t *block, apr_interval_time_t timeout, apr_interval_time_t usual)
{
    apr_pool_t *pool;

    if (timeout > 0 && timeout != usual) {
        apr_pool_create(&pool, NULL);
        json_object_set_new(block, "timeout", json_string(mcpr_duration_text(timeout, pool)));
        apr_pool_destroy(pool);
    }
}

/* Names of sources are labels; those of the API may be anything. */
const char *mcpr_source_file_name(const char *source, apr_pool_t *pool)
{
    apr_size_t len = strspn(source, "abcdefghijklmnopqrstuvwxyz0123456789-");

    if (len > 0 && len <= FILE_NAME_MOST && !source[len]) {
        return source;
    }
    return apr_pstrcat(pool, "_", mcpr_sha256_hex(source, strlen(source), pool), NULL);
}

const char *mcpr_source_too_large(apr_int64_t len, apr_int64_t limit, apr_pool_t *pool)
{
    double megabytes = (double)limit / (1024 * 1024);

    if (len < 0) {
        return apr_psprintf(
            pool, "response size exceeds maximum allowed size of %" APR_INT64_T_FMT " bytes (%.2f MB)", limit,
            megabytes);
    }
    return apr_psprintf(pool,
                        "response size %" APR_INT64_T_FMT
                        " bytes exceeds maximum allowed size of %" APR_INT64_T_FMT " bytes (%.2f MB)",
                        len, limit, megabytes);
}
