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

/** At most so long between two beats. */
#define MCPR_DB_BEAT_MS 200

struct mcpr_rows {
    PGresult *result;
};

/** Keeps the words of `result`, or of the connection when there is none, and tells the status they mean. */
apr_status_t mcpr_db_failed(mcpr_db *db, const PGresult *result);

/** Connects db->conn to the first host and address that answers. MCPR_ELOST, with words, or what the pulse
 * said: then it is closed. */
MCPR_MUSTCHECK apr_status_t mcpr_db_connect(mcpr_db *db);

/** One beat of the connection's pulse; what it says against going on is the connection's error. */
MCPR_MUSTCHECK apr_status_t mcpr_db_beat(mcpr_db *db);

/** A pulse for what has to be done although a stop was asked for or the time is up: a little longer. */
typedef struct mcpr_patience {
    mcpr_pulse pulse;
    const mcpr_pulse *outer;
    apr_time_t until;
} mcpr_patience;

/** Makes `patience` the pulse of `db`; set it back to patience->outer. */
void mcpr_db_be_patient(mcpr_db *db, mcpr_patience *patience);

/** Closes the connection when `outcome`, which is handed on, says that it is of no use any more. */
apr_status_t mcpr_db_ended(mcpr_db *db, apr_status_t outcome);

/** Waits until the socket can be read (and written, if asked) or a beat is due. Hands on what the pulse says.
 */
MCPR_MUSTCHECK apr_status_t mcpr_db_wait(mcpr_db *db, int for_writing);

/** The next result of what was sent, NULL when there is none left. Ends the wait as the pulse says. */
MCPR_MUSTCHECK apr_status_t mcpr_db_next(mcpr_db *db, PGresult **result);

/** Asks the server to give up and reads the connection clean; closes it when that does not work. */
void mcpr_db_cancel(mcpr_db *db);

#endif
