/*
 * Waiting for PostgreSQL's answers with a limit: libpq's own calls wait for as long as the other side likes.
 */
#ifndef MCPR_STORE_ANSWER_H
#define MCPR_STORE_ANSWER_H

#include "mod_mcp_registry/store/order.h"
#include <apr_time.h>
#include <libpq-fe.h>

/** How waiting ended. */
typedef enum mcpr_answer {
    MCPR_ANSWER_OK,
    MCPR_ANSWER_REFUSED, /* PostgreSQL answered with an error; the connection is good */
    MCPR_ANSWER_LOST,    /* the connection broke */
    MCPR_ANSWER_LATE,    /* time was up: the connection can only be closed, as after the next */
    MCPR_ANSWER_STOPPED  /* the order to stop came */
} mcpr_answer;

/**
 * Waits for the whole answer to what was sent with one of libpq's PQsend functions. *result is the last one,
 * NULL when there was none; the caller clears it in every case. `end` is a moment of mcpr_clock().
 */
MCPR_MUSTCHECK mcpr_answer mcpr_answer_get(PGconn *conn, PGresult **result, apr_time_t end,
                                           const mcpr_order *order);

#endif
