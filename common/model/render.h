/*
 * What is done to a checked document before it is stored: the little that is always there is added, what the
 * registry itself says about a skill or plugin is left out. Everything else stays (spec README decision 1).
 */
#ifndef MCPR_MODEL_RENDER_H
#define MCPR_MODEL_RENDER_H

#include "common/model/model.h"
#include <apr_pools.h>
#include <jansson.h>

/** The schema that a server gets when it names none. */
#define MCPR_SERVER_SCHEMA "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json"

/** Gives `server` its `$schema`, `description` and `_meta` where they are absent. */
void mcpr_server_complete(json_t *server);

/**
 * Takes out of a skill or plugin what the registry says of a version beside its document, as clients send it
 * back when they republish what they read: `status`, `isLatest`, `id`, `createdAt`, `updatedAt`. Returns the
 * status.
 */
mcpr_status mcpr_skill_complete(json_t *skill);

/** The folded name, title and description, joined by MCPR_FOLD_SEPARATOR; in `pool`. */
const char *mcpr_search_text(const json_t *document, apr_pool_t *pool);

#endif
