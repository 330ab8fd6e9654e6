/*
 * A source as its row in the store has it: made through the API, or by a daemon with another configuration.
 */
#ifndef THV_SYNCD_SYNC_STORED_H
#define THV_SYNCD_SYNC_STORED_H

#include "common/config/config.h"

/** The columns of a source's row that matter to a sync, as they are stored; NULL is SQL's NULL. */
typedef struct mcpr_source_row {
    const char *name, *type, *format, *block, *filter;
    apr_interval_time_t interval; /* µs, 0 when never by time */
} mcpr_source_row;

/**
 * The source that a row describes, with what the configuration file would have filled in (timeouts, the path
 * of a repository's document). Copied into `pool`. What cannot be read of it is its `complaint`, and opening
 * it fails with that; a timeout that is none fails a fetch. NULL when not even the type is known; *error says
 * so.
 */
const mcpr_config_source *mcpr_source_stored(const mcpr_source_row *row, const char **error,
                                             apr_pool_t *pool);

#endif
