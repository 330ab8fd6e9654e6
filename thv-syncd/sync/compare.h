/*
 * From a fetched document to what has to be written: the stored versions are read, the document is read,
 * checked and filtered, and both are compared.
 */
#ifndef THV_SYNCD_SYNC_COMPARE_H
#define THV_SYNCD_SYNC_COMPARE_H

#include "thv-syncd/sources/source.h"
#include "thv-syncd/store/connection.h"
#include "thv-syncd/sync/diff.h"
#include "thv-syncd/sync/result.h"

typedef struct mcpr_comparison {
    mcpr_db *db;
    const mcpr_config *config;
    const mcpr_config_source *source;
    const char *source_id; /* as an argument */
    const mcpr_document *document;
    const mcpr_pulse *pulse;
    mcpr_sync_result *result;
} mcpr_comparison;

/**
 * *diff is decided and lives in `pool`. APR_EINVAL when the document is refused: result has the message. Else
 * a status of the store or of the pulse; result has no message then.
 */
MCPR_MUSTCHECK apr_status_t mcpr_compare(const mcpr_comparison *comparison, mcpr_diff **diff,
                                         apr_pool_t *pool);

#endif
