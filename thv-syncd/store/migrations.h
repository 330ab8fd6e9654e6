/*
 * Schema migrations: those that the binary carries against those that the database has seen (spec database.md
 * 4, README decision 21). Each runs in one transaction of its own, under a session lock that two programs
 * can't hold at once, and leaves a row with its checksum in schema_migration.
 */
#ifndef THV_SYNCD_STORE_MIGRATIONS_H
#define THV_SYNCD_STORE_MIGRATIONS_H

#include "common/util/problems.h"
#include "thv-syncd/store/connection.h"

typedef struct mcpr_migration_state {
    int known;   /* the newest version of the binary */
    int applied; /* the newest version of the database, 0 when it is empty */
} mcpr_migration_state;

/** Told of each migration after it ran: "up" or "down", its version and name. */
typedef void mcpr_migration_note(void *baton, const char *direction, int version, const char *name);

/**
 * Compares, and changes nothing. MCPR_EDB with the reason in `problems` when the database is newer than the
 * binary, or ran a migration of another text.
 */
MCPR_MUSTCHECK apr_status_t mcpr_migrations_check(mcpr_db *db, mcpr_migration_state *state,
                                                  mcpr_problems *problems, apr_pool_t *pool);

/**
 * Runs what is missing, at most `steps` of it (0: all). Waits up to 15 s for the lock. On failure the earlier
 * steps stay, the failed one is rolled back and `problems` has the reason.
 */
MCPR_MUSTCHECK apr_status_t mcpr_migrations_up(mcpr_db *db, int steps, mcpr_migration_note *note, void *baton,
                                               mcpr_problems *problems, apr_pool_t *pool);

/** Undoes exactly `steps` migrations, the newest first; refuses when there are fewer. */
MCPR_MUSTCHECK apr_status_t mcpr_migrations_down(mcpr_db *db, int steps, mcpr_migration_note *note,
                                                 void *baton, mcpr_problems *problems, apr_pool_t *pool);

#endif
