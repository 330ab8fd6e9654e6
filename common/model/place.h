/*
 * Where in a document something is: a chain of keys and indexes on the stack, spelled out only for a
 * complaint.
 */
#ifndef MCPR_MODEL_PLACE_H
#define MCPR_MODEL_PLACE_H

#include <apr_pools.h>

/** One step down from `parent` (NULL: from the top): a key, or an index where `key` is NULL. */
typedef struct mcpr_place {
    const struct mcpr_place *parent;
    const char *key;
    apr_size_t key_len;
    apr_size_t index;
} mcpr_place;

/** The chain as text in `pool`, "data.servers.3.name"; "(root)" for NULL. Long keys are cut. */
const char *mcpr_place_text(const mcpr_place *place, apr_pool_t *pool);

/** The step to the member `key`. */
mcpr_place mcpr_place_key(const mcpr_place *parent, const char *key);

/** The step to the element `index`. */
mcpr_place mcpr_place_index(const mcpr_place *parent, apr_size_t index);

#endif
