/*
 * A connection's life: opening, waiting with a pulse, cancelling, and what its errors mean.
 */
#include "common/util/clock.h"
#include "common/util/utf8.h"
#include "thv-syncd/log.h"
#include "thv-syncd/store/aside.h"
#include "thv-syncd/store/connection_int.h"
#include <apr_strings.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#define CANCEL_WAIT apr_time_from_sec(3)
#define STOP_WAIT   apr_time_from_sec(1) /* the same when the process has to go */
#define ERROR_BYTES 1000

/* The session asks for warnings only; a migration asks for notices too. */
static void log_notice(void *baton, const PGresult *result)
{
    const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    apr_pool_t *scratch;

    (void)baton;
    if (text && apr_pool_create(&scratch, NULL) == APR_SUCCESS) {
        text = mcpr_utf8_clean(text, strlen(text), ERROR_BYTES, scratch);
        mcpr_log(MCPR_LOG_INFO, "PostgreSQL says", "s:s", "notice", text);
        apr_pool_destroy(scratch);
    }
}

static apr_status_t close_with_pool(void *data)
{
    mcpr_db_close(data);
    return APR_SUCCESS;
}

apr_status_t mcpr_db_open(mcpr_db **db, const char *conninfo, const mcpr_pulse *pulse, apr_pool_t *pool)
{
    mcpr_db *self = apr_pcalloc(pool, sizeof *self);

    *db = self;
    self->pool = pool;
    self->conninfo = apr_pstrdup(pool, conninfo);
    self->pulse = pulse;
    self->error = "not connected";
    apr_pool_create(&self->scratch, pool);
    apr_pool_cleanup_register(pool, self, close_with_pool, apr_pool_cleanup_null);
    return mcpr_db_reopen(self);
}

apr_status_t mcpr_db_reopen(mcpr_db *db)
{
    apr_status_t status;

    mcpr_db_close(db);
    status = mcpr_db_connect(db);
    if (status != APR_SUCCESS) {
        return status;
    }
    (void)PQsetnonblocking(db->conn, 1); /* else libpq waits by itself where much is to be sent */
    PQsetNoticeReceiver(db->conn, log_notice, NULL);
    status = mcpr_db_script(db, mcpr_sql_daemon[MCPR_SQL_SESSION].text);
    if (status == APR_SUCCESS) {
        return APR_SUCCESS;
    }
    mcpr_db_close(db);
    return status == MCPR_ESTOPPED || status == APR_TIMEUP ? status : MCPR_ELOST;
}

void mcpr_db_close(mcpr_db *db)
{
    if (db->conn) {
        PQfinish(db->conn);
        db->conn = NULL;
    }
    memset(db->prepared, 0, sizeof db->prepared);
}

int mcpr_db_alive(const mcpr_db *db)
{
    return db->conn && PQstatus(db->conn) == CONNECTION_OK;
}

const char *mcpr_db_error(const mcpr_db *db)
{
    return db->error;
}

/* What an SQLSTATE (or its first two digits) means to a caller; all others are MCPR_EDB. */
static const struct {
    const char *prefix;
    apr_status_t status;
} meanings[] = {
    {"40001", MCPR_ERETRY},
    {"40P01", MCPR_ERETRY},
    {"08",    MCPR_ELOST },
    {"25006", MCPR_ELOST }, /* read-only: another server is the one to write to now, or this one later */
    {"57P",   MCPR_ELOST },
};

apr_status_t mcpr_db_failed(mcpr_db *db, const PGresult *result)
{
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *detail = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL) : NULL;
    const char *severity = result ? PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED) : NULL;
    apr_size_t len;

    apr_pool_clear(db->scratch);
    text = text ? text : db->conn ? PQerrorMessage(db->conn) : "not connected";
    for (len = strlen(text); len && (text[len - 1] == '\n' || text[len - 1] == ' '); len--) {
    }
    text = mcpr_utf8_clean(text, len, ERROR_BYTES, db->scratch);
    if (detail) {
        detail = mcpr_utf8_clean(detail, strlen(detail), ERROR_BYTES, db->scratch);
        text = apr_pstrcat(db->scratch, text, " (", detail, ")", NULL);
    }
    db->error = text;
    apr_cpystrn(db->sqlstate, state ? state : "", sizeof db->sqlstate);
    for (apr_size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (strncmp(db->sqlstate, meanings[i].prefix, strlen(meanings[i].prefix)) == 0) {
            return meanings[i].status;
        }
    }
    /* After these the server hangs up, though the connection may not know it yet. */
    if (severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0)) {
        return MCPR_ELOST;
    }
    return mcpr_db_alive(db) ? MCPR_EDB : MCPR_ELOST;
}

apr_status_t mcpr_db_ended(mcpr_db *db, apr_status_t outcome)
{
    if (outcome == MCPR_ELOST) {
        mcpr_db_close(db);
    }
    return outcome;
}

apr_status_t mcpr_db_beat(mcpr_db *db)
{
    apr_status_t status = mcpr_pulse_beat(db->pulse);

    if (status != APR_SUCCESS) {
        db->error = status == APR_TIMEUP ? "out of time" : "stopped";
    }
    return status;
}

apr_status_t mcpr_db_wait(mcpr_db *db, int for_writing)
{
    struct pollfd fd = {.fd = PQsocket(db->conn), .events = POLLIN};
    int ready;

    if (for_writing) {
        fd.events |= POLLOUT;
    }
    ready = poll(&fd, 1, MCPR_DB_BEAT_MS);
    if (ready < 0 && errno != EINTR) {
        db->error = "poll failed";
        return MCPR_ELOST;
    }
    return mcpr_db_beat(db);
}

apr_status_t mcpr_db_next(mcpr_db *db, PGresult **result)
{
    *result = NULL;
    for (;;) {
        int left = PQflush(db->conn);
        apr_status_t status;

        if (left < 0) {
            return mcpr_db_failed(db, NULL);
        }
        if (!left && !PQisBusy(db->conn)) {
            *result = PQgetResult(db->conn);
            return APR_SUCCESS;
        }
        status = mcpr_db_wait(db, left);
        if (status == APR_SUCCESS && !PQconsumeInput(db->conn)) {
            status = mcpr_db_failed(db, NULL);
        }
        if (status != APR_SUCCESS) {
            return status;
        }
    }
}

/* Reads results to the end, as far as they have arrived. An open COPY would be handed out for ever: end it.
 */
static int drained(mcpr_db *db)
{
    while (!PQisBusy(db->conn)) {
        PGresult *result = PQgetResult(db->conn);
        int copying = PQresultStatus(result) == PGRES_COPY_IN;

        PQclear(result);
        if (!result) {
            return 1;
        }
        if (copying && PQputCopyEnd(db->conn, "cancelled") < 0) {
            return 0;
        }
    }
    return 0;
}

static apr_status_t patient_beat(void *baton)
{
    const mcpr_patience *patience = baton;

    (void)mcpr_pulse_beat(patience->outer);
    return mcpr_clock() < patience->until ? APR_SUCCESS : APR_TIMEUP;
}

void mcpr_db_be_patient(mcpr_db *db, mcpr_patience *patience)
{
    apr_status_t said = mcpr_pulse_beat(db->pulse);

    patience->outer = db->pulse;
    patience->until = mcpr_clock() + (said == MCPR_ESTOPPED ? STOP_WAIT : CANCEL_WAIT);
    patience->pulse = (mcpr_pulse){patient_beat, patience};
    db->pulse = &patience->pulse;
}

/* libpq's way to ask for it: a connection of its own, without a time limit. */
typedef struct cancellation {
    PGcancel *key;
    int asked;
} cancellation;

static void ask_to_cancel(void *baton)
{
    cancellation *self = baton;
    char why[256];

    self->asked = PQcancel(self->key, why, sizeof why);
}

static void forget_cancellation(void *baton)
{
    cancellation *self = baton;

    PQfreeCancel(self->key);
    free(self);
}

static int asked_to_cancel(mcpr_db *db)
{
    cancellation *self = calloc(1, sizeof *self);
    int asked;

    if (!self) {
        abort(); /* as APR does when memory is out */
    }
    self->key = PQgetCancel(db->conn);
    if (mcpr_aside_run(&(mcpr_aside){ask_to_cancel, forget_cancellation, self}, CANCEL_WAIT, db->pulse) !=
        APR_SUCCESS) {
        return 0;
    }
    asked = self->asked;
    forget_cancellation(self);
    return asked;
}

void mcpr_db_cancel(mcpr_db *db)
{
    mcpr_patience patience;
    int clean = 0;

    if (!db->conn) {
        return;
    }
    mcpr_db_be_patient(db, &patience);
    if (asked_to_cancel(db)) {
        while (!(clean = drained(db))) {
            int left = PQflush(db->conn);

            if (left < 0 || mcpr_db_wait(db, left) != APR_SUCCESS || !PQconsumeInput(db->conn)) {
                break;
            }
        }
    }
    db->pulse = patience.outer;
    if (!clean) {
        mcpr_db_close(db);
    }
}

int mcpr_db_socket(const mcpr_db *db)
{
    return db->conn ? PQsocket(db->conn) : -1;
}

apr_status_t mcpr_db_notifications(mcpr_db *db, int *heard)
{
    PGnotify *note;

    *heard = 0;
    if (!db->conn) {
        return MCPR_ELOST;
    }
    if (!PQconsumeInput(db->conn)) {
        apr_status_t status = mcpr_db_failed(db, NULL);

        mcpr_db_close(db);
        return status == MCPR_EDB ? MCPR_ELOST : status;
    }
    while ((note = PQnotifies(db->conn)) != NULL) {
        PQfreemem(note);
        ++*heard;
    }
    return APR_SUCCESS;
}

const char *mcpr_db_number(apr_int64_t n, apr_pool_t *pool)
{
    return apr_psprintf(pool, "%" APR_INT64_T_FMT, n);
}

const char *mcpr_db_password_verifier(mcpr_db *db, const char *role, const char *password, apr_pool_t *pool)
{
    char *verifier = db->conn ? PQencryptPasswordConn(db->conn, password, role, NULL) : NULL;
    const char *copy = verifier ? apr_pstrdup(pool, verifier) : NULL;

    if (!verifier) {
        (void)mcpr_db_failed(db, NULL);
    }
    PQfreemem(verifier);
    return copy;
}
