/*
 * A worker: its connection, its pulse, and the tries of a task.
 */
#include "common/util/clock.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sync/backoff.h"
#include "thv-syncd/sync/worker_int.h"
#include <apr_allocator.h>
#include <apr_strings.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define TRIES       5
#define FIRST_WAIT  apr_time_from_msec(200)
#define MOST_WAIT   apr_time_from_sec(5)
#define GRACE       apr_time_from_sec(6) /* of an open write after a stop; with the last words under 10 s */
#define TRIM_BYTES  (1024 * 1024)        /* after larger documents memory goes back to the system */
#define SLEEP_SLICE apr_time_from_msec(100)

/* --- the pulse */

static apr_status_t worker_beat(void *baton)
{
    mcpr_worker *worker = baton;
    apr_time_t now = mcpr_clock();
    apr_status_t status = mcpr_pulse_beat(worker->outer);

    if (worker->closing) {
        return now < worker->closing ? APR_SUCCESS : MCPR_ESTOPPED;
    }
    if (status == MCPR_ESTALE && !worker->writing) {
        worker->stale = 1;
        return MCPR_ESTOPPED; /* that is what a source knows */
    }
    if (status == MCPR_ESTOPPED) {
        worker->stop_seen = worker->stop_seen ? worker->stop_seen : now;
        return worker->writing && now < worker->stop_seen + GRACE ? APR_SUCCESS : MCPR_ESTOPPED;
    }
    if (worker->deadline && now > worker->deadline) {
        return APR_TIMEUP;
    }
    return status == MCPR_ESTALE ? APR_SUCCESS : status; /* a write finds out by itself */
}

apr_status_t mcpr_worker_sleep(mcpr_worker *worker, apr_interval_time_t wait)
{
    apr_time_t until = mcpr_clock() + wait;
    apr_status_t status = APR_SUCCESS;

    while (status == APR_SUCCESS && mcpr_clock() < until) {
        apr_sleep(SLEEP_SLICE);
        status = mcpr_pulse_beat(&worker->pulse);
    }
    return status;
}

mcpr_worker *mcpr_worker_create(const char *conninfo, const mcpr_pulse *outer, apr_pool_t *pool)
{
    mcpr_worker *worker = apr_pcalloc(pool, sizeof *worker);

    apr_pool_create(&worker->pool, pool);
    worker->conninfo = apr_pstrdup(pool, conninfo);
    worker->outer = outer;
    worker->pulse = (mcpr_pulse){worker_beat, worker};
    return worker;
}

/*
 * A pool with an allocator of its own: what a large document took goes back to the system when it is done,
 * and workers in several threads don't share a free list.
 */
static apr_pool_t *own_memory(apr_pool_t *parent)
{
    apr_allocator_t *allocator;
    apr_pool_t *pool;

    if (apr_allocator_create(&allocator) != APR_SUCCESS) {
        abort();
    }
    apr_allocator_max_free_set(allocator, 1);
    apr_pool_create_ex(&pool, parent, NULL, allocator);
    apr_allocator_owner_set(allocator, pool);
    return pool;
}

/* Says that there will be another try; of an outage once. */
static void log_retry(const mcpr_attempt *a, int tries, int *waiting)
{
    const char *error = mcpr_db_error(a->worker->db);

    if (a->reached) {
        mcpr_log(MCPR_LOG_WARN, "A sync is tried again", "s:s, s:s, s:i", "source", a->result->source,
                 "error", error, "try", tries);
    } else if (!*waiting) {
        mcpr_log(MCPR_LOG_WARN, "A sync waits for the database", "s:s, s:s", "source", a->result->source,
                 "error", error);
    }
    *waiting = !a->reached;
}

/* Tries until it is done, was tried often enough, or may not go on. While no connection can be had nothing is
 * tried: a worker waits for the database until its deadline. */
static apr_status_t try_all(mcpr_attempt *a)
{
    mcpr_worker *worker = a->worker;
    int waiting = 0;

    for (int failures = 1;; failures++) {
        apr_status_t status = mcpr_attempt_try(a);

        a->result->tries += a->reached;
        if ((status != MCPR_ERETRY && status != MCPR_ELOST) || a->result->tries >= TRIES) {
            return status;
        }
        log_retry(a, a->result->tries, &waiting);
        apr_pool_clear(a->try_pool);
        status = mcpr_worker_sleep(worker, mcpr_backoff(FIRST_WAIT, MOST_WAIT, failures, mcpr_chance()));
        if (status != APR_SUCCESS) {
            return status;
        }
    }
}

mcpr_sync_result *mcpr_worker_run(mcpr_worker *worker, const mcpr_task *task, apr_pool_t *pool)
{
    mcpr_attempt a = {.worker = worker, .task = task, .result = mcpr_result_create(task->source->name, pool)};
    apr_status_t status;

    a.pool = own_memory(worker->pool);
    apr_pool_create(&a.try_pool, a.pool);
    a.source_id = mcpr_db_number(task->source_id, a.pool);
    worker->stop_seen = worker->closing = 0;
    worker->stale = 0;
    worker->deadline = task->config->sync.deadline ? mcpr_clock() + task->config->sync.deadline : 0;
    status = try_all(&a);
    mcpr_attempt_conclude(&a, worker->stale && status == MCPR_ESTOPPED ? MCPR_ESTALE : status);
    mcpr_attempt_unlock(&a);
    mcpr_result_log(a.result);
    apr_pool_destroy(a.pool);
#ifdef __GLIBC__
    if (a.result->bytes > TRIM_BYTES) {
        malloc_trim(0);
    }
#endif
    return a.result;
}
