/*
 * The JSON that a client gets for one version, rendered once at write time.
 *
 * A stored version is two texts: `document`, the server (skill, plugin) object, and `official`, the
 * registry's own block. They are kept apart since a change of the latest version rewrites the second alone. A
 * reader joins them with the three pieces below and parses nothing.
 */
#ifndef MCPR_MODEL_RESPONSE_H
#define MCPR_MODEL_RESPONSE_H

#include "common/model/model.h"
#include <apr_pools.h>
#include <apr_time.h>

#define MCPR_SERVER_RESPONSE_HEAD   "{\"server\":"
#define MCPR_SERVER_RESPONSE_MIDDLE ",\"_meta\":{\"io.modelcontextprotocol.registry/official\":"
#define MCPR_SERVER_RESPONSE_TAIL   "}}"

/** The renderer's number; stored beside each version, raised when the rendering changes. */
#define MCPR_RENDERER 1

typedef struct mcpr_official {
    mcpr_status status;
    const char *status_message; /* NULL or "" when none */
    apr_time_t published_at, updated_at, status_changed_at;
    int is_latest;
} mcpr_official;

/**
 * The official block (spec README decision 2) as compact JSON in `pool`: status, statusMessage if set,
 * statusChangedAt, publishedAt, updatedAt (RFC 3339, UTC, microseconds), isLatest.
 */
const char *mcpr_official_render(const mcpr_official *official, apr_pool_t *pool);

/** `t` as RFC 3339 in UTC with six fraction digits and `Z`, in `pool`. */
const char *mcpr_time_rfc3339(apr_time_t t, apr_pool_t *pool);

#endif
