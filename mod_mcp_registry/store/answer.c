/* Answers: libpq is asked only for what it has, poll() does the waiting. */
#include "mod_mcp_registry/store/answer.h"

#include "common/util/clock.h"
#include <errno.h>
#include <poll.h>

/* poll() takes an int of milliseconds; who waits longer asks again. */
#define SLICE_MSEC 60000

static int milliseconds_until(apr_time_t end)
{
    apr_interval_time_t left = end - mcpr_clock();
    return left <= 0                                ? 0
           : left >= apr_time_from_msec(SLICE_MSEC) ? SLICE_MSEC
                                                    : (int)apr_time_as_msec(left) + 1;
}

/* Waits until the connection is ready for `events` (POLLIN, POLLOUT). */
static mcpr_answer wait_for(PGconn *conn, short events, apr_time_t end, const mcpr_order *order)
{
    struct pollfd fds[2] = {
        {PQsocket(conn), events, 0},
        {order->ends[0], POLLIN, 0}
    };
    if (fds[0].fd < 0) {
        return MCPR_ANSWER_LOST; /* poll() would pass over it */
    }
    for (;;) {
        int left = milliseconds_until(end), n = poll(fds, 2, left);
        if (n < 0 && errno != EINTR) {
            return MCPR_ANSWER_LATE;
        }
        if (n > 0) {
            return fds[1].revents ? MCPR_ANSWER_STOPPED : MCPR_ANSWER_OK;
        }
        if (left == 0) {
            return MCPR_ANSWER_LATE;
        }
    }
}

/* An encrypted packet may be longer than what one call takes out of it; the rest is in memory already, where
 * poll() does not see it. Two calls take the longest. */
static int consume(PGconn *conn)
{
    int encrypted = PQsslInUse(conn) || PQgssEncInUse(conn);
    return PQconsumeInput(conn) && (!encrypted || PQconsumeInput(conn));
}

/* What a full socket did not take at once. PostgreSQL may want to be read before it reads on. */
static mcpr_answer send_rest(PGconn *conn, apr_time_t end, const mcpr_order *order)
{
    int unsent = PQflush(conn);
    while (unsent > 0) {
        mcpr_answer wait = wait_for(conn, POLLIN | POLLOUT, end, order);
        if (wait != MCPR_ANSWER_OK) {
            return wait;
        }
        unsent = consume(conn) ? PQflush(conn) : -1;
    }
    return unsent == 0 ? MCPR_ANSWER_OK : MCPR_ANSWER_LOST;
}

/* The next result, or NULL behind the last one. */
static mcpr_answer next_result(PGconn *conn, PGresult **next, apr_time_t end, const mcpr_order *order)
{
    while (PQisBusy(conn)) {
        mcpr_answer wait = wait_for(conn, POLLIN, end, order);
        if (wait != MCPR_ANSWER_OK) {
            return wait;
        }
        if (!consume(conn)) {
            return MCPR_ANSWER_LOST;
        }
    }
    *next = PQgetResult(conn);
    return MCPR_ANSWER_OK;
}

mcpr_answer mcpr_answer_get(PGconn *conn, PGresult **result, apr_time_t end, const mcpr_order *order)
{
    PGresult *next = NULL;
    mcpr_answer answer = send_rest(conn, end, order);

    *result = NULL;
    while (answer == MCPR_ANSWER_OK && (answer = next_result(conn, &next, end, order)) == MCPR_ANSWER_OK &&
           next) {
        PQclear(*result);
        *result = next;
    }
    if (answer != MCPR_ANSWER_OK) {
        return answer;
    }
    ExecStatusType status = PQresultStatus(*result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        return MCPR_ANSWER_OK;
    }
    return PQstatus(conn) == CONNECTION_OK ? MCPR_ANSWER_REFUSED : MCPR_ANSWER_LOST;
}
