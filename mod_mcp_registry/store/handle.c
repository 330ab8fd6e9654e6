/* A handle is a pool of its own and its connection: they die together. The pool has no parent, since many
 * threads make and drop handles. */
#include "mod_mcp_registry/store/handle.h"

#include "common/util/clock.h"
#include "sql/statement.h"
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

struct mcpr_handle {
    apr_pool_t *pool;
    const apr_dbd_driver_t *driver;
    apr_dbd_t *dbd;
    PGconn *conn; /* the same, as libpq knows it */
    const mcpr_order *stopping;
    apr_time_t born;
};

/* What is said of an answer that PostgreSQL has no words for. */
static const char *const endings[] = {
    [MCPR_ANSWER_LATE] = "no answer within the time limit",
    [MCPR_ANSWER_STOPPED] = "given up, since this process stops",
};

void mcpr_handle_close(mcpr_handle *h)
{
    if (h->dbd) {
        apr_dbd_close(h->driver, h->dbd);
    }
    apr_pool_destroy(h->pool);
}

apr_time_t mcpr_handle_born(const mcpr_handle *h)
{
    return h->born;
}

/* A server that said goodbye before it closed leaves the status at OK until somebody reads on. */
static int is_lost(PGconn *conn)
{
    return PQstatus(conn) != CONNECTION_OK || !PQconsumeInput(conn) || PQstatus(conn) != CONNECTION_OK;
}

/* The first line of libpq's message; the others tell where in PostgreSQL's source it was. */
static const char *first_line(const char *message, apr_pool_t *pool)
{
    return *message ? apr_pstrmemdup(pool, message, strcspn(message, "\n")) : "no message";
}

static void explain(mcpr_failure *failure, mcpr_handle *h, mcpr_answer answer, const PGresult *result,
                    apr_pool_t *pool)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorMessage(result); /* "" when there is no result */

    failure->answer = answer == MCPR_ANSWER_REFUSED && is_lost(h->conn) ? MCPR_ANSWER_LOST : answer;
    apr_cpystrn(failure->sqlstate, sqlstate ? sqlstate : "", sizeof(failure->sqlstate));
    failure->message = answer == MCPR_ANSWER_LATE || answer == MCPR_ANSWER_STOPPED
                           ? endings[answer]
                           : first_line(*message ? message : PQerrorMessage(h->conn), pool);
}

/* Awaits the answer to what was sent (`sent` is what libpq said of that). NULL when it is no good one, and
 * *failure says why. */
static PGresult *receive(mcpr_handle *h, int sent, mcpr_failure *failure, apr_time_t end, apr_pool_t *pool)
{
    PGresult *result = NULL;
    mcpr_answer answer = sent ? mcpr_answer_get(h->conn, &result, end, h->stopping) : MCPR_ANSWER_LOST;

    if (result && answer == MCPR_ANSWER_OK) {
        return result;
    }
    explain(failure, h, answer, result, pool);
    PQclear(result);
    return NULL;
}

static apr_status_t clear(void *result)
{
    PQclear(result);
    return APR_SUCCESS;
}

int mcpr_handle_run(mcpr_handle *h, const mcpr_call *call, mcpr_rows *rows, mcpr_failure *failure,
                    apr_time_t end, apr_pool_t *pool)
{
    int sent = PQsendQueryPrepared(h->conn, mcpr_sql_module[call->statement].name, call->count,
                                   call->parameters, NULL, NULL, 0);
    PGresult *result = receive(h, sent, failure, end, pool);
    if (!result) {
        return 0;
    }

    apr_pool_cleanup_register(pool, result, clear, apr_pool_cleanup_null);
    rows->count = PQntuples(result);
    rows->columns = PQnfields(result);
    rows->values = apr_palloc(pool, sizeof(*rows->values) * (apr_size_t)(rows->count * rows->columns + 1));
    const char **to = rows->values;
    for (int i = 0; i < rows->count; i++) {
        for (int c = 0; c < rows->columns; c++) {
            *to++ = PQgetisnull(result, i, c) ? NULL : PQgetvalue(result, i, c);
        }
    }
    return 1;
}

/* Prepares one statement; its text and name come from sql/module. */
static int prepare(mcpr_handle *h, int id, mcpr_failure *failure, apr_time_t end, apr_pool_t *pool)
{
    const mcpr_sql_statement *statement = &mcpr_sql_module[id];
    int sent = PQsendPrepare(h->conn, statement->name, statement->text, 0, NULL);
    PGresult *result = receive(h, sent, failure, end, pool);

    PQclear(result);
    return result != NULL;
}

const char *mcpr_handle_schema_complaint(const mcpr_connector *connector, const mcpr_rows *rows,
                                         apr_pool_t *pool)
{
    int wanted = connector->schema, version = atoi(mcpr_rows_get(rows, 0, 0));
    if (version == wanted) {
        return NULL;
    }
    return apr_psprintf(pool, "the schema is at version %d, this module %s %d: %s", version,
                        version < wanted ? "needs" : "knows", wanted,
                        version < wanted ? "run \"thv-syncd migrate up\"" : "upgrade the module");
}

/* The schema comes first: without it the other statements can't be prepared, and the reason should be said.
 */
static const char *check_schema(mcpr_handle *h, const mcpr_connector *connector, apr_time_t end,
                                apr_pool_t *pool)
{
    static const mcpr_call call = {MCPR_SQL_SCHEMA_VERSION, NULL, 0};
    mcpr_failure failure;
    mcpr_rows rows;

    if (prepare(h, MCPR_SQL_SCHEMA_VERSION, &failure, end, pool) &&
        mcpr_handle_run(h, &call, &rows, &failure, end, h->pool)) {
        return mcpr_handle_schema_complaint(connector, &rows, pool);
    }
    return failure.answer == MCPR_ANSWER_REFUSED
               ? apr_pstrcat(pool,
                             "no registry schema that can be read (has \"thv-syncd migrate up\" run?): ",
                             failure.message, NULL)
               : failure.message;
}

/* NULL when all went well, else the reason. */
static const char *set_up(mcpr_handle *h, const mcpr_connector *connector, apr_time_t end, apr_pool_t *pool)
{
    const char *error = NULL;
    if (apr_dbd_open_ex(h->driver, h->pool, connector->options->conninfo, &h->dbd, &error) != APR_SUCCESS) {
        h->dbd = NULL;
        return error ? apr_pstrdup(pool, error) : "no connection";
    }
    h->conn = apr_dbd_native_handle(h->driver, h->dbd);
    PQsetErrorVerbosity(h->conn, PQERRORS_VERBOSE);
    /* From here on no call waits, that which says goodbye included. */
    if (PQsetnonblocking(h->conn, 1) != 0) {
        return first_line(PQerrorMessage(h->conn), pool);
    }
    const char *reason = check_schema(h, connector, end, pool);
    mcpr_failure failure;
    for (int id = 0; !reason && id < MCPR_SQL_MODULE_COUNT; id++) {
        if (id != MCPR_SQL_SCHEMA_VERSION && !prepare(h, id, &failure, end, pool)) {
            reason = apr_pstrcat(pool, "statement ", mcpr_sql_module[id].name, ": ", failure.message, NULL);
        }
    }
    return reason;
}

mcpr_handle *mcpr_handle_open(const mcpr_connector *connector, apr_time_t end, const char **reason,
                              apr_pool_t *pool)
{
    apr_pool_t *own;
    if (apr_pool_create_unmanaged_ex(&own, NULL, NULL) != APR_SUCCESS) {
        *reason = "out of memory";
        return NULL;
    }
    mcpr_handle *h = apr_pcalloc(own, sizeof(*h));
    h->pool = own;
    h->driver = connector->driver;
    h->stopping = &connector->stopping;
    h->born = mcpr_clock();
    *reason = set_up(h, connector, end, pool);
    if (*reason) {
        mcpr_handle_close(h);
        return NULL;
    }
    return h;
}
