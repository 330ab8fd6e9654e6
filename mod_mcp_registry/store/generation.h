/*
 * Which state of the catalog is the newest that this host has heard of.
 *
 * A slot in shared memory holds the number for one database; all processes of the host raise it: each child's
 * watcher when a notification comes, and whoever writes, right after its commit. Numbers only rise. Should a
 * database come back with a lower one (restored from a backup, another server behind the name), the slot's
 * history is raised first, and nothing that was held under the old one matches any more. A process trusts the
 * slot only while its own watcher is connected: `known` is its own, not shared, so a process that dies leaves
 * nothing behind. While it was not connected the database may have become another one with the same number (a
 * standby that took over), so each loss starts another epoch of the process. All words are lock-free atomics;
 * no lock guards them.
 */
#ifndef MCPR_STORE_GENERATION_H
#define MCPR_STORE_GENERATION_H

#include "common/util/attributes.h"
#include <apr_errno.h>
#include <apr_pools.h>

/** A state of the catalog: what a page was made from. */
typedef struct mcpr_stamp {
    apr_uint64_t history;
    apr_uint64_t number;
    apr_uint64_t epoch; /* of this process: how many times its watcher has lost its connection */
} mcpr_stamp;

typedef struct mcpr_generation_table mcpr_generation_table;
typedef struct mcpr_generation mcpr_generation;

/** How many databases a host's segment has room for. */
#define MCPR_GENERATION_SLOTS 64

/** What a slot looks like: who keeps a table across a change of the module asks for one of its own layout. */
#define MCPR_GENERATION_LAYOUT "1"

/** The segment, in anonymous shared memory that children inherit; `pool` must outlive all of them. *created
 * is set on success only. */
MCPR_MUSTCHECK apr_status_t mcpr_generation_table_create(mcpr_generation_table **created, apr_pool_t *pool);

/**
 * The generation of the database that `key` names, for this process and its children; the same key gets the
 * same slot at every restart. APR_ENOSPC when all slots are taken. Lives in `pool`.
 */
MCPR_MUSTCHECK apr_status_t mcpr_generation_open(mcpr_generation **opened, mcpr_generation_table *table,
                                                 const char *key, apr_pool_t *pool);

/** The present state into *stamp. Returns 0 when it is unknown: then nothing may be served from memory. */
int mcpr_generation_now(const mcpr_generation *generation, mcpr_stamp *stamp);

/** Says that `number` has been committed. Never goes back. */
void mcpr_generation_raise(mcpr_generation *generation, apr_uint64_t number);

/** The number that the slot holds, known or not. */
apr_uint64_t mcpr_generation_held(const mcpr_generation *generation);

/**
 * The watcher has read `number` over a connection that listens: from here on the state is known. `before` is
 * what mcpr_generation_held() said before the database was asked: all of that had been committed, so a lower
 * answer means another history.
 */
void mcpr_generation_connected(mcpr_generation *generation, apr_uint64_t before, apr_uint64_t number);

/** The watcher's connection is gone: the state is unknown until mcpr_generation_connected(), and no stamp of
 * before is good any more. */
void mcpr_generation_lost(mcpr_generation *generation);

#endif
