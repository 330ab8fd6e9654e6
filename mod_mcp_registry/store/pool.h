/*
 * Connections to PostgreSQL: pooled apr_dbd handles, one pool a child process.
 *
 * Not mod_dbd: it can't drop a broken handle, waits for a free one without a limit, and after a restart of
 * PostgreSQL goes on with prepared statements that are gone. Here a wait is bounded and fair, a handle that
 * failed is destroyed with its statements, and when one connection broke or hangs all that were opened before
 * it are thought to. Nobody waits for PostgreSQL without a limit of our own: statement_timeout is kept by the
 * server alone, which may be stopped or out of reach.
 */
#ifndef MCPR_STORE_POOL_H
#define MCPR_STORE_POOL_H

#include "common/util/attributes.h"
#include "sql/module_sql.h"
#include <apr_dbd.h>
#include <apr_errno.h>
#include <apr_pools.h>
#include <apr_time.h>

typedef struct mcpr_pool mcpr_pool;

/** How connections are made and kept. Texts must outlive the pool. */
typedef struct mcpr_pool_options {
    const char *conninfo;         /* holds a password: never logged */
    const char *label;            /* "host/database", for messages */
    int max;                      /* connections of one child */
    apr_interval_time_t wait;     /* for a free connection, µs */
    apr_interval_time_t lifetime; /* of a connection, µs */
    apr_interval_time_t patience; /* with a read that has its connection or may open it, µs */
    /* Tells the operator what went wrong with the store; called from any thread. */
    void (*complain)(void *baton, const char *message);
    void *baton;
} mcpr_pool_options;

/** What a read ended with. */
typedef enum mcpr_store_status {
    MCPR_STORE_OK,
    MCPR_STORE_UNAVAILABLE, /* PostgreSQL is away, full or without our schema: 503 */
    MCPR_STORE_FAILED       /* it answered with an error: 500 */
} mcpr_store_status;

/** A read's rows. Texts live in the pool that was given to mcpr_pool_select(); NULL is SQL's NULL. */
typedef struct mcpr_rows {
    int count, columns;
    const char **values; /* row by row */
} mcpr_rows;

/** Makes it in `pool` (a child's own); opens no connection. *created is set on success only. */
MCPR_MUSTCHECK apr_status_t mcpr_pool_create(mcpr_pool **created, const mcpr_pool_options *options,
                                             apr_pool_t *pool);

/**
 * The process stops: whoever waits for PostgreSQL gives up, now and from now on. May be called from a signal
 * handler. Only connecting goes on, for its own connect_timeout.
 */
void mcpr_pool_stop(const mcpr_pool *store);

/**
 * Runs a read-only statement with its `count` parameters (NULL: SQL's NULL), in the order of its
 * placeholders. Waits for a free connection at most options.wait, and for the rows at most options.patience
 * after that; a read that failed is tried once more on a fresh connection, within the same limit. What went
 * wrong has been told to options.complain. Thread-safe.
 */
MCPR_MUSTCHECK mcpr_store_status mcpr_pool_select(mcpr_pool *store, enum mcpr_sql_module_id statement,
                                                  const char *const *parameters, int count, mcpr_rows *rows,
                                                  apr_pool_t *pool);

/**
 * Whether PostgreSQL answers over a pooled connection and holds the schema that this binary knows, found out
 * within `limit` µs, the wait for a free connection included, whatever the options say. Only connecting,
 * where no connection is open, may take its own connect_timeout on top. Thread-safe.
 */
MCPR_MUSTCHECK mcpr_store_status mcpr_pool_check(mcpr_pool *store, apr_interval_time_t limit,
                                                 apr_pool_t *pool);

/** The value of a row's column. */
static inline const char *mcpr_rows_get(const mcpr_rows *rows, int row, int column)
{
    return rows->values[row * rows->columns + column];
}

#endif
