/*
 * The inside of a connection, for the files of store/ alone.
 */
#ifndef THV_SYNCD_STORE_CONNECTION_INT_H
#define THV_SYNCD_STORE_CONNECTION_INT_H

#include "thv-syncd/store/connection.h"
#include <libpq-fe.h>

struct mcpr_db {
    apr_pool_t *pool;
    apr_pool_t *scratch; /* the text of the last error */
    const char *conninfo;
    const mcpr_pulse *pulse;
    PGconn *conn; /* NULL when closed */
    const char *error;
    char sqlstate[6];
    unsigned char prepared[MCPR_SQL_DAEMON_COUNT];
};

struct mcpr_rows {
    PGresult *result;
};

/** Keeps the words of `result`, or of the connection when there is none, and tells the status they mean. */
apr_status_t mcpr_db_failed(mcpr_db *db, const PGresult *result);

/** Waits until the socket can be read (and written, if asked) or a beat is due. Hands on what the pulse says.
 */
MCPR_MUSTCHECK apr_status_t mcpr_db_wait(mcpr_db *db, int for_writing);

/** The next result of what was sent, NULL when there is none left. Ends the wait as the pulse says. */
MCPR_MUSTCHECK apr_status_t mcpr_db_next(mcpr_db *db, PGresult **result);

/** Asks the server to give up and reads the connection clean; closes it when that does not work. */
void mcpr_db_cancel(mcpr_db *db);

#endif
