/*
 * One connection with its prepared statements; for pool.c alone. A handle is used by one thread at a time.
 */
#ifndef MCPR_STORE_HANDLE_H
#define MCPR_STORE_HANDLE_H

#include "mod_mcp_registry/store/pool.h"

typedef struct mcpr_handle mcpr_handle;

/** What a handle is made by. Texts must outlive all handles. */
typedef struct mcpr_connector {
    const mcpr_pool_options *options;
    const apr_dbd_driver_t *driver;
    int schema; /* the version that this binary's statements are for */
} mcpr_connector;

/**
 * Connects, checks the schema and prepares every statement. NULL when any of it fails: *reason then says why,
 * in `pool`.
 */
mcpr_handle *mcpr_handle_open(const mcpr_connector *connector, const char **reason, apr_pool_t *pool);

/** Closes the connection; the handle is gone. */
void mcpr_handle_close(mcpr_handle *handle);

/** Runs a statement; 0 when it succeeded. The rows live in `pool`, also after the handle is gone. */
MCPR_MUSTCHECK int mcpr_handle_run(mcpr_handle *handle, enum mcpr_sql_module_id statement,
                                   const char **parameters, mcpr_rows *rows, apr_pool_t *pool);

/**
 * The schema's version as PostgreSQL has it now, asked for without waiting for bytes beyond `end`; -1 when
 * there was no answer. After that the handle can't be used for anything but to be closed.
 */
MCPR_MUSTCHECK int mcpr_handle_schema(mcpr_handle *handle, apr_time_t end);

/** What the last failure was: one line that begins with the severity and the SQLSTATE, in `pool`. */
const char *mcpr_handle_error(mcpr_handle *handle, apr_pool_t *pool);

/** Non-zero when the connection is gone. */
int mcpr_handle_lost(mcpr_handle *handle);

/** When it was opened. */
apr_time_t mcpr_handle_born(const mcpr_handle *handle);

#endif
