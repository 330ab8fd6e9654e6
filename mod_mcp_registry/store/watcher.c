/*
 * The watcher's life:
 *
 *   connect → LISTEN → read the number → known → wait for notifications → connection lost → unknown → pause →
 * …
 *
 * LISTEN goes before reading: the other order would leave a gap in which a change is neither read nor heard.
 * While nothing is heard the number is read again every PING, so that a connection that was cut without a
 * word is found out; an answer that takes longer than PATIENCE counts as cut.
 */
#include "mod_mcp_registry/store/watcher.h"

#include "common/util/clock.h"
#include "mod_mcp_registry/store/answer.h"
#include "sql/watcher_sql.h"
#include <apr_strings.h>
#include <apr_thread_proc.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#define PING_MS      1000
#define PATIENCE_MS  1000
#define CONNECT_MS   5000
#define PAUSE_MIN_MS 100
#define PAUSE_MAX_MS 2000

typedef struct watcher {
    mcpr_generation *generation;
    mcpr_pool_options options;
    apr_thread_t *thread;
    mcpr_order stopping;
    PGconn *conn;
    int complained;
} watcher;

/* Waits for the connection (`events`, 0 for none) or for the order to stop. Returns what poll() said of the
 * connection, 0 when time is up, -1 when the watcher has to end. */
static int await(watcher *w, short events, int ms)
{
    struct pollfd fds[2] = {
        {w->stopping.ends[0],             POLLIN, 0},
        {events ? PQsocket(w->conn) : -1, events, 0}
    };
    int n;

    do {
        n = poll(fds, 2, ms);
    } while (n < 0 && errno == EINTR);
    if (fds[0].revents) {
        return -1;
    }
    return n > 0 ? fds[1].revents : 0;
}

static int connect_to_database(watcher *w)
{
    w->conn = PQconnectStart(w->options.conninfo);
    if (!w->conn || PQstatus(w->conn) == CONNECTION_BAD) {
        return 0;
    }
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED ||
            await(w, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, CONNECT_MS) <= 0) {
            return 0;
        }
        state = PQconnectPoll(w->conn);
    }
    return 1;
}

/* Tells of all notifications that have come. */
static void hear(watcher *w)
{
    PGnotify *notify;
    while ((notify = PQnotifies(w->conn))) {
        mcpr_generation_raise(w->generation, strtoull(notify->extra, NULL, 10));
        PQfreemem(notify);
    }
}

/* Runs one statement; the result, or NULL when it was none within PATIENCE. */
static PGresult *ask(watcher *w, enum mcpr_sql_watcher_id id)
{
    PGresult *result;

    if (!PQsendQuery(w->conn, mcpr_sql_watcher[id].text)) {
        return NULL;
    }
    apr_time_t end = mcpr_clock() + apr_time_from_msec(PATIENCE_MS);
    if (mcpr_answer_get(w->conn, &result, end, &w->stopping) != MCPR_ANSWER_OK) {
        PQclear(result);
        return NULL;
    }
    return result;
}

/* Reads the number and makes it known. */
static int catch_up(watcher *w)
{
    apr_uint64_t before = mcpr_generation_held(w->generation);
    PGresult *result = ask(w, MCPR_SQL_WATCH_NUMBER);
    if (!result || PQntuples(result) != 1) {
        PQclear(result);
        return 0;
    }
    mcpr_generation_connected(w->generation, before, strtoull(PQgetvalue(result, 0, 0), NULL, 10));
    PQclear(result);
    return 1;
}

/* Watches until the connection is lost or the order to stop comes. */
static void watch(watcher *w)
{
    PGresult *listening = ask(w, MCPR_SQL_WATCH_LISTEN);
    int alive = listening && catch_up(w);

    PQclear(listening);
    while (alive) {
        w->complained = 0;
        int ready = await(w, POLLIN, PING_MS);
        if (ready < 0) {
            return;
        }
        alive = ready > 0 ? PQconsumeInput(w->conn) : catch_up(w);
        hear(w);
    }
}

static void complain(watcher *w, const char *reason)
{
    char message[512];
    if (!w->complained++) {
        apr_snprintf(message, sizeof(message),
                     "watcher: connection to PostgreSQL at %s lost, pages are not served from memory: %s",
                     w->options.label, reason && *reason ? reason : "no answer");
        w->options.complain(w->options.baton, message);
    }
}

static void *APR_THREAD_FUNC run(apr_thread_t *thread, void *baton)
{
    watcher *w = baton;
    int pause = PAUSE_MIN_MS;

    do {
        if (connect_to_database(w)) {
            pause = PAUSE_MIN_MS;
            watch(w);
        }
        mcpr_generation_lost(w->generation);
        if (await(w, 0, 0) >= 0) {
            complain(w, w->conn ? PQerrorMessage(w->conn) : NULL);
        }
        PQfinish(w->conn);
        w->conn = NULL;
        pause = pause * 2 > PAUSE_MAX_MS ? PAUSE_MAX_MS : pause * 2;
    } while (await(w, 0, pause) >= 0);
    apr_thread_exit(thread, APR_SUCCESS);
    return NULL;
}

static apr_status_t stop(void *baton)
{
    watcher *w = baton;
    apr_status_t ignored;

    mcpr_order_give(&w->stopping);
    apr_thread_join(&ignored, w->thread);
    return APR_SUCCESS;
}

apr_status_t mcpr_watcher_start(mcpr_generation *generation, const mcpr_pool_options *options,
                                apr_pool_t *pool)
{
    watcher *w = apr_pcalloc(pool, sizeof(*w));
    sigset_t all, before;

    w->generation = generation;
    w->options = *options;
    apr_status_t rv = mcpr_order_create(&w->stopping, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    /* The thread inherits the mask: signals stay with the threads that the MPM meant them for. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    rv = apr_thread_create(&w->thread, NULL, run, w, pool);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (rv == APR_SUCCESS) {
        apr_pool_pre_cleanup_register(pool, w, stop);
    }
    return rv;
}
