/*
 * Making a connection without a wait that could not be ended. libpq alone would do it all in one call; its
 * other way, step by step, stays at an address that does not answer. So hosts and addresses are gone through
 * here, each with its own time limit.
 */
#include "common/util/clock.h"
#include "thv-syncd/store/aside.h"
#include "thv-syncd/store/connection_int.h"
#include <apr_strings.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define DEFAULT_SECONDS 5
#define MOST_OPTIONS    64

typedef struct attempt {
    mcpr_db *db;
    apr_pool_t *pool;
    PQconninfoOption *options;
    apr_interval_time_t limit; /* of one address, and of the resolver */
    const char *words;         /* what failed so far */
} attempt;

static const char *option(const attempt *a, const char *keyword)
{
    for (const PQconninfoOption *o = a->options; o->keyword; o++) {
        if (strcmp(o->keyword, keyword) == 0) {
            return o->val;
        }
    }
    return NULL;
}

static void add_words(attempt *a, const char *words)
{
    a->words = a->words ? apr_pstrcat(a->pool, a->words, "; ", words, NULL) : apr_pstrdup(a->pool, words);
}

/* The next address may do better, unless the pulse has said no. */
static int is_over(apr_status_t status)
{
    return status != MCPR_ELOST;
}

/* --- one address */

static apr_status_t wait_for_step(mcpr_db *db, PostgresPollingStatusType wanted, int *ready)
{
    struct pollfd fd = {.fd = PQsocket(db->conn),
                        .events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT};

    *ready = poll(&fd, 1, MCPR_DB_BEAT_MS) > 0;
    return mcpr_db_beat(db);
}

static void say_timeout(attempt *a)
{
    const char *address = PQhostaddr(a->db->conn);

    add_words(a, apr_psprintf(a->pool, "%s%s%s does not answer within %d s", PQhost(a->db->conn),
                              address && *address ? " at " : "", address ? address : "",
                              (int)apr_time_sec(a->limit)));
}

static apr_status_t finish(attempt *a)
{
    PostgresPollingStatusType step = PGRES_POLLING_WRITING;
    apr_time_t until = mcpr_clock() + a->limit;
    mcpr_db *db = a->db;

    while (PQstatus(db->conn) != CONNECTION_BAD && step != PGRES_POLLING_FAILED) {
        int ready;
        apr_status_t status;

        if (step == PGRES_POLLING_OK) {
            return APR_SUCCESS;
        }
        if (mcpr_clock() >= until) {
            say_timeout(a);
            return MCPR_ELOST;
        }
        status = wait_for_step(db, step, &ready);
        if (status != APR_SUCCESS) {
            return status;
        }
        step = ready ? PQconnectPoll(db->conn) : step;
    }
    (void)mcpr_db_failed(db, NULL);
    add_words(a, db->error);
    return MCPR_ELOST;
}

/* `address` is NULL where libpq needs none: a socket's directory. */
static apr_status_t try_address(attempt *a, const char *host, const char *address)
{
    const char *keywords[MOST_OPTIONS + 3], *values[MOST_OPTIONS + 3];
    apr_status_t status;
    int n = 0;

    for (const PQconninfoOption *o = a->options; o->keyword && n < MOST_OPTIONS; o++) {
        if (o->val && strcmp(o->keyword, "host") != 0 && strcmp(o->keyword, "hostaddr") != 0) {
            keywords[n] = o->keyword;
            values[n++] = o->val;
        }
    }
    keywords[n] = "host";
    values[n++] = host;
    if (address) {
        keywords[n] = "hostaddr";
        values[n++] = address;
    }
    keywords[n] = values[n] = NULL;
    a->db->conn = PQconnectStartParams(keywords, values, 0);
    status = a->db->conn ? finish(a) : APR_ENOMEM;
    if (status != APR_SUCCESS) {
        mcpr_db_close(a->db);
    }
    return status;
}

/* --- a host's addresses */

typedef struct question {
    char *host;
    struct addrinfo *answer;
    int error;
} question;

static void resolve(void *baton)
{
    question *q = baton;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_family = AF_UNSPEC};

    q->error = getaddrinfo(q->host, NULL, &hints, &q->answer);
}

static void forget_question(void *baton)
{
    question *q = baton;

    if (q->answer) {
        freeaddrinfo(q->answer);
    }
    free(q->host);
    free(q);
}

static apr_status_t try_all(attempt *a, const question *q)
{
    apr_status_t status = MCPR_ELOST;

    for (const struct addrinfo *at = q->answer; at && !is_over(status); at = at->ai_next) {
        char address[NI_MAXHOST];

        if (getnameinfo(at->ai_addr, at->ai_addrlen, address, sizeof address, NULL, 0, NI_NUMERICHOST) == 0) {
            status = try_address(a, q->host, address);
        }
    }
    return status;
}

static apr_status_t try_host(attempt *a, const char *host)
{
    question *q;
    apr_status_t status;

    if (*host == '/' || *host == '@' || !*host) {
        return try_address(a, host, NULL);
    }
    q = calloc(1, sizeof *q);
    if (!q || !(q->host = strdup(host))) {
        abort(); /* as APR does when memory is out */
    }
    status = mcpr_aside_run(&(mcpr_aside){resolve, forget_question, q}, a->limit, a->db->pulse);
    if (status == APR_SUCCESS && q->error == 0) {
        status = try_all(a, q);
        forget_question(q);
        return status;
    }
    if (status == APR_SUCCESS) {
        add_words(a, apr_psprintf(a->pool, "%s has no address: %s", host, gai_strerror(q->error)));
        forget_question(q);
        return MCPR_ELOST;
    }
    if (mcpr_db_beat(a->db) != APR_SUCCESS) {
        return status;
    }
    add_words(a, apr_psprintf(a->pool, "the address of %s cannot be found out in time", host));
    return MCPR_ELOST;
}

static apr_status_t try_hosts(attempt *a)
{
    const char *hosts = option(a, "host"), *seconds = option(a, "connect_timeout");
    apr_status_t status = MCPR_ELOST;

    hosts = hosts ? hosts : "";
    a->limit = apr_time_from_sec(seconds && atoi(seconds) > 0 ? atoi(seconds) : DEFAULT_SECONDS);
    for (;;) {
        const char *end = strchr(hosts, ',');

        status = try_host(a, end ? apr_pstrmemdup(a->pool, hosts, (apr_size_t)(end - hosts)) : hosts);
        if (!end || is_over(status)) {
            return status;
        }
        hosts = end + 1;
    }
}

apr_status_t mcpr_db_connect(mcpr_db *db)
{
    attempt a = {.db = db};
    apr_status_t status;
    char *error = NULL;

    apr_pool_create(&a.pool, db->pool);
    a.options = PQconninfoParse(db->conninfo, &error);
    if (a.options) {
        status = try_hosts(&a);
        PQconninfoFree(a.options);
    } else {
        status = MCPR_ELOST;
        add_words(&a, error ? error : "the connection string cannot be read");
        PQfreemem(error);
    }
    if (status == MCPR_ELOST && a.words) {
        apr_pool_clear(db->scratch);
        db->error = apr_pstrdup(db->scratch, a.words);
    }
    apr_pool_destroy(a.pool);
    return status;
}
