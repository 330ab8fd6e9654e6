/*
 * One connection to PostgreSQL: named statements, their rows, transactions and COPY. The only room of the
 * daemon that includes libpq.
 *
 * A connection belongs to one thread. Statements are those of sql/daemon; each is prepared when it first
 * runs. No call waits without running the connection's pulse, so a stop or a deadline ends any wait, for an
 * address and for an answer alike; a statement is then cancelled on the server, and if that does not work in
 * a second or three, the connection is closed. (mcpr_db_password_verifier() alone may wait.)
 *
 * Every function that returns a status returns APR_SUCCESS, MCPR_EDB, MCPR_ERETRY, MCPR_ELOST or what the
 * pulse said (status.h); mcpr_db_error() then has the words.
 */
#ifndef THV_SYNCD_STORE_CONNECTION_H
#define THV_SYNCD_STORE_CONNECTION_H

#include "common/util/attributes.h"
#include "sql/daemon_sql.h"
#include "thv-syncd/status.h"
#include <apr.h>
#include <apr_pools.h>

typedef struct mcpr_db mcpr_db;
typedef struct mcpr_rows mcpr_rows;

/** The parameters of a statement as its last two arguments: texts, NULL for SQL's NULL. At least one. */
#define MCPR_ARGS(...)                                                                         \
    (int)(sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *)), (const char *const[]) \
    {                                                                                          \
        __VA_ARGS__                                                                            \
    }
/** The same for a statement without parameters. */
#define MCPR_NO_ARGS 0, NULL

/**
 * Connects, and sets the session up (UTC, ISO dates, time limits): to the first of the hosts and their
 * addresses that answers, each within the string's connect_timeout. MCPR_ELOST when none does, or what the
 * pulse said. On failure *db is still there, closed, for mcpr_db_error() and mcpr_db_reopen(). The connection
 * ends with `pool`. `conninfo` is copied, never logged.
 */
MCPR_MUSTCHECK apr_status_t mcpr_db_open(mcpr_db **db, const char *conninfo, const mcpr_pulse *pulse,
                                         apr_pool_t *pool);

/** Connects again after MCPR_ELOST. Prepared statements, session locks and LISTEN are gone. */
MCPR_MUSTCHECK apr_status_t mcpr_db_reopen(mcpr_db *db);

/** Closes now; everything but mcpr_db_reopen() then returns MCPR_ELOST. */
void mcpr_db_close(mcpr_db *db);

/** Non-zero while the connection is usable. */
int mcpr_db_alive(const mcpr_db *db);

/** What went wrong last: cleaned of control characters and credentials. Valid until the next call. */
const char *mcpr_db_error(const mcpr_db *db);

/** Runs a statement. `rows` may be NULL; else they live in `pool`. */
MCPR_MUSTCHECK apr_status_t mcpr_db_run(mcpr_db *db, enum mcpr_sql_daemon_id id, mcpr_rows **rows,
                                        apr_pool_t *pool, int nargs, const char *const *args);

/** Takes one row; anything but APR_SUCCESS cancels the statement and is handed on. */
typedef apr_status_t mcpr_row_sink(void *baton, const mcpr_rows *row);

/** Runs a statement and hands over its rows one by one (as row 0), so that memory stays flat. */
MCPR_MUSTCHECK apr_status_t mcpr_db_each(mcpr_db *db, enum mcpr_sql_daemon_id id, mcpr_row_sink *sink,
                                         void *baton, int nargs, const char *const *args);

/** Runs a text of one or several statements as it is. */
MCPR_MUSTCHECK apr_status_t mcpr_db_script(mcpr_db *db, const char *text);

MCPR_MUSTCHECK apr_status_t mcpr_db_begin(mcpr_db *db);
MCPR_MUSTCHECK apr_status_t mcpr_db_commit(mcpr_db *db);

/** Rolls back and keeps the error of what failed before. A connection that can't is closed. */
void mcpr_db_rollback(mcpr_db *db);

/** How many rows there are. */
int mcpr_rows_count(const mcpr_rows *rows);
/** How many rows an INSERT, UPDATE or DELETE touched. */
apr_int64_t mcpr_rows_touched(const mcpr_rows *rows);
/** A value as text, NULL for NULL. It lives as long as `rows`. */
const char *mcpr_rows_text(const mcpr_rows *rows, int row, int column);
/** A value as a number, 0 for NULL. */
apr_int64_t mcpr_rows_int(const mcpr_rows *rows, int row, int column);
/** A boolean value, 0 for NULL. */
int mcpr_rows_true(const mcpr_rows *rows, int row, int column);

/** The socket to wait on for notifications, -1 when closed. */
int mcpr_db_socket(const mcpr_db *db);

/** Reads what has arrived and drops the notifications. *heard is how many there were. */
MCPR_MUSTCHECK apr_status_t mcpr_db_notifications(mcpr_db *db, int *heard);

/** `n` as a statement's argument, in `pool`. */
const char *mcpr_db_number(apr_int64_t n, apr_pool_t *pool);

/**
 * The verifier that the server would store for a role's password, so that the password itself never reaches
 * its log; NULL (and an error) when the server can't say how. In `pool`.
 */
const char *mcpr_db_password_verifier(mcpr_db *db, const char *role, const char *password, apr_pool_t *pool);

#endif
