/*
 * Running statements on a connection: prepared when first used, rows whole or one by one, transactions.
 */
#include "thv-syncd/store/connection_int.h"
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define ERROR_COPY 2400

static apr_status_t clear_rows(void *data)
{
    PQclear(((mcpr_rows *)data)->result);
    return APR_SUCCESS;
}

/* Ends what is under way after a pulse or a sink said no; a conflict or a refusal has ended by itself. */
static apr_status_t give_up(mcpr_db *db, apr_status_t status)
{
    if (status == MCPR_ELOST) {
        mcpr_db_close(db);
    } else {
        mcpr_db_cancel(db);
    }
    return status;
}

static int is_good(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE;
}

/* Reads all results; the last good one goes to *last (or is dropped), the first error decides. */
static apr_status_t collect(mcpr_db *db, PGresult **last)
{
    apr_status_t outcome = APR_SUCCESS;
    PGresult *result;

    for (;;) {
        apr_status_t status = mcpr_db_next(db, &result);

        if (status != APR_SUCCESS) {
            return give_up(db, status);
        }
        if (!result) {
            return mcpr_db_ended(db, outcome);
        }
        if (!is_good(result) && outcome == APR_SUCCESS) {
            outcome = mcpr_db_failed(db, result);
        }
        if (outcome == APR_SUCCESS && last) {
            PQclear(*last);
            *last = result;
        } else {
            PQclear(result);
        }
    }
}

static apr_status_t prepare(mcpr_db *db, enum mcpr_sql_daemon_id id)
{
    apr_status_t status;

    if (!db->conn) {
        db->error = "not connected";
        return MCPR_ELOST;
    }
    if (db->prepared[id]) {
        return APR_SUCCESS;
    }
    if (!PQsendPrepare(db->conn, mcpr_sql_daemon[id].name, mcpr_sql_daemon[id].text, 0, NULL)) {
        return mcpr_db_failed(db, NULL);
    }
    status = collect(db, NULL);
    db->prepared[id] = status == APR_SUCCESS;
    return status;
}

static apr_status_t send_prepared(mcpr_db *db, enum mcpr_sql_daemon_id id, int nargs, const char *const *args)
{
    apr_status_t status = prepare(db, id);

    if (status == APR_SUCCESS &&
        !PQsendQueryPrepared(db->conn, mcpr_sql_daemon[id].name, nargs, args, NULL, NULL, 0)) {
        status = mcpr_db_failed(db, NULL);
    }
    return status;
}

apr_status_t mcpr_db_run(mcpr_db *db, enum mcpr_sql_daemon_id id, mcpr_rows **rows, apr_pool_t *pool,
                         int nargs, const char *const *args)
{
    mcpr_rows *self = apr_pcalloc(pool, sizeof *self);
    apr_status_t status = send_prepared(db, id, nargs, args);

    if (status == APR_SUCCESS) {
        apr_pool_cleanup_register(pool, self, clear_rows, apr_pool_cleanup_null);
        status = collect(db, &self->result);
    }
    if (rows) {
        *rows = self;
    }
    return status;
}

/* One result of a single-row statement. */
static apr_status_t hand_over(mcpr_db *db, PGresult *result, mcpr_row_sink *sink, void *baton)
{
    mcpr_rows row = {.result = result};

    if (!is_good(result)) {
        return mcpr_db_failed(db, result);
    }
    return PQntuples(result) ? sink(baton, &row) : APR_SUCCESS;
}

apr_status_t mcpr_db_each(mcpr_db *db, enum mcpr_sql_daemon_id id, mcpr_row_sink *sink, void *baton,
                          int nargs, const char *const *args)
{
    apr_status_t outcome = send_prepared(db, id, nargs, args);

    if (outcome != APR_SUCCESS) {
        return outcome;
    }
    if (!PQsetSingleRowMode(db->conn)) {
        return give_up(db, mcpr_db_failed(db, NULL));
    }
    for (;;) {
        PGresult *result;
        int refused;
        apr_status_t status = mcpr_db_next(db, &result);

        if (status != APR_SUCCESS) {
            return give_up(db, status);
        }
        if (!result) {
            return mcpr_db_ended(db, outcome);
        }
        refused = !is_good(result);
        if (outcome == APR_SUCCESS) {
            outcome = hand_over(db, result, sink, baton);
        }
        PQclear(result);
        if (outcome != APR_SUCCESS && !refused) {
            return give_up(db, outcome);
        }
    }
}

apr_status_t mcpr_db_script(mcpr_db *db, const char *text)
{
    if (!db->conn) {
        db->error = "not connected";
        return MCPR_ELOST;
    }
    if (!PQsendQuery(db->conn, text)) {
        return mcpr_db_failed(db, NULL);
    }
    return collect(db, NULL);
}

apr_status_t mcpr_db_begin(mcpr_db *db)
{
    return mcpr_db_script(db, mcpr_sql_daemon[MCPR_SQL_TX_BEGIN].text);
}

apr_status_t mcpr_db_commit(mcpr_db *db)
{
    return mcpr_db_script(db, mcpr_sql_daemon[MCPR_SQL_TX_COMMIT].text);
}

void mcpr_db_rollback(mcpr_db *db)
{
    mcpr_patience patience;
    char sqlstate[sizeof db->sqlstate];
    char error[ERROR_COPY];

    memcpy(sqlstate, db->sqlstate, sizeof sqlstate);
    apr_cpystrn(error, db->error ? db->error : "", sizeof error);
    mcpr_db_be_patient(db, &patience);
    if (mcpr_db_alive(db) && PQtransactionStatus(db->conn) != PQTRANS_IDLE &&
        mcpr_db_script(db, mcpr_sql_daemon[MCPR_SQL_TX_ROLLBACK].text) != APR_SUCCESS) {
        mcpr_db_close(db);
    }
    db->pulse = patience.outer;
    apr_pool_clear(db->scratch);
    db->error = apr_pstrdup(db->scratch, error);
    memcpy(db->sqlstate, sqlstate, sizeof sqlstate);
}

int mcpr_rows_count(const mcpr_rows *rows)
{
    return PQntuples(rows->result);
}

apr_int64_t mcpr_rows_touched(const mcpr_rows *rows)
{
    return apr_atoi64(PQcmdTuples(rows->result));
}

const char *mcpr_rows_text(const mcpr_rows *rows, int row, int column)
{
    return PQgetisnull(rows->result, row, column) ? NULL : PQgetvalue(rows->result, row, column);
}

apr_int64_t mcpr_rows_int(const mcpr_rows *rows, int row, int column)
{
    const char *text = mcpr_rows_text(rows, row, column);

    return text ? apr_atoi64(text) : 0;
}

int mcpr_rows_true(const mcpr_rows *rows, int row, int column)
{
    const char *text = mcpr_rows_text(rows, row, column);

    return text && *text == 't';
}
