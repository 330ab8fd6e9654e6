/*
 * The generation watcher: one thread a child process, with a connection of its own that listens.
 *
 * One a child and not one a host: a process then trusts only what it hears itself, so there is nobody to
 * elect, and a watcher that dies takes no one else's knowledge with it. The cost is one connection a child.
 *
 * Thread: it owns its connection and its pool, blocks all signals, and touches nothing of the process but the
 * mcpr_generation, which is made of atomics, and `complain`, which must be thread-safe. It is stopped and
 * joined before the child's pool goes. The order to stop ends all its waiting but one: libpq looks up a
 * host's name with a blocking call, so while no name server answers a child ends as late as the resolver
 * gives up.
 */
#ifndef MCPR_STORE_WATCHER_H
#define MCPR_STORE_WATCHER_H

#include "mod_mcp_registry/store/generation.h"
#include "mod_mcp_registry/store/pool.h"

/** Starts the watcher of `generation` for the database of `options`; it ends with `pool`, the child's own. */
MCPR_MUSTCHECK apr_status_t mcpr_watcher_start(mcpr_generation *generation, const mcpr_pool_options *options,
                                               apr_pool_t *pool);

#endif
