/*
 * The sources and registries of the configuration, carried into the store (spec sync.md 9, database.md 6).
 */
#ifndef THV_SYNCD_SYNC_RECONCILE_H
#define THV_SYNCD_SYNC_RECONCILE_H

#include "common/config/config.h"
#include "common/util/problems.h"
#include "thv-syncd/store/connection.h"

/**
 * One transaction, one daemon at a time. What the API made is never touched: a name of the configuration that
 * the API has taken refuses the whole. Nothing is written, and the generation stays, when all is as it was.
 *
 * `problems` gets the reasons of a failure (MCPR_EDB and the statuses of the store), and what was left undone
 * in a success: a source that is not configured any more but that a registry of the API still links.
 */
MCPR_MUSTCHECK apr_status_t mcpr_reconcile(mcpr_db *db, const mcpr_config *config, mcpr_problems *problems,
                                           apr_pool_t *pool);

#endif
