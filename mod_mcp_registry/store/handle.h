/*
 * One connection with its prepared statements; for pool.c alone. A handle is used by one thread at a time.
 *
 * apr_dbd opens and closes the connection. Statements are sent and answers awaited over libpq itself, since
 * apr_dbd waits for as long as PostgreSQL likes.
 */
#ifndef MCPR_STORE_HANDLE_H
#define MCPR_STORE_HANDLE_H

#include "mod_mcp_registry/store/answer.h"
#include "mod_mcp_registry/store/pool.h"

typedef struct mcpr_handle mcpr_handle;

/** What a handle is made by. All of it must outlive all handles. */
typedef struct mcpr_connector {
    const mcpr_pool_options *options;
    const apr_dbd_driver_t *driver;
    mcpr_order stopping; /* given when the process stops: nobody waits any longer */
    int schema;          /* the version that this binary's statements are for */
} mcpr_connector;

/** A statement and its parameters (text; NULL: SQL's NULL), in the order of its placeholders. */
typedef struct mcpr_call {
    enum mcpr_sql_module_id statement;
    const char *const *parameters;
    int count;
} mcpr_call;

/** Why something did not succeed; texts in the pool that was given. */
typedef struct mcpr_failure {
    mcpr_answer answer;
    char sqlstate[6];    /* "" when PostgreSQL named none */
    const char *message; /* one line */
} mcpr_failure;

/**
 * Connects, checks the schema and prepares every statement, until `end` (mcpr_clock()) at most; only
 * connecting has its own limit, the connect_timeout of the connection string. NULL when any of it fails:
 * *reason then says why, in `pool`.
 */
mcpr_handle *mcpr_handle_open(const mcpr_connector *connector, apr_time_t end, const char **reason,
                              apr_pool_t *pool);

/** Closes the connection; the handle is gone. Waits for nobody. */
void mcpr_handle_close(mcpr_handle *handle);

/**
 * Runs a statement until `end` at most; non-zero when it succeeded. The rows live in `pool`, also after the
 * handle is gone. Else *failure says why; unless its answer is REFUSED, the handle can only be closed.
 */
MCPR_MUSTCHECK int mcpr_handle_run(mcpr_handle *handle, const mcpr_call *call, mcpr_rows *rows,
                                   mcpr_failure *failure, apr_time_t end, apr_pool_t *pool);

/** What is wrong with a schema of this version, in `pool`; NULL when nothing is. */
const char *mcpr_handle_schema_complaint(const mcpr_connector *connector, const mcpr_rows *version,
                                         apr_pool_t *pool);

/** When it was opened (mcpr_clock()). */
apr_time_t mcpr_handle_born(const mcpr_handle *handle);

#endif
