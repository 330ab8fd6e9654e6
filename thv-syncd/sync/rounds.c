/*
 * Rounds: what is due, jobs for the workers, and what is kept of their results.
 */
#include "thv-syncd/sync/rounds.h"
#include "common/util/clock.h"
#include "thv-syncd/log.h"
#include "thv-syncd/sync/backoff.h"
#include "thv-syncd/sync/delays.h"
#include "thv-syncd/sync/stored.h"
#include "thv-syncd/sync/worker_pool.h"
#include <apr_strings.h>
#include <string.h>

/* What was seen of sources is kept for so many. */
#define SEEN_MOST 10000
/* A worker without a job ends after this, and its connection. */
#define IDLE_MOST apr_time_from_sec(60)

/* The columns of sources_due. */
enum {
    DUE_ID,
    DUE_NAME,
    DUE_TYPE,
    DUE_IS_API,
    DUE_FORMAT,
    DUE_BLOCK,
    DUE_FILTER,
    DUE_INTERVAL,
    DUE_STAMP,
    DUE_HELD
};

/* What a poll found due, and how far it was handed out. */
typedef struct due_round {
    apr_pool_t *pool;
    mcpr_rows *rows; /* NULL: none */
    int next;
    int forced;                 /* all sources, due or not */
    apr_array_header_t *anyhow; /* of apr_int64_t: these sources, due or not */
} due_round;

/* What the last look at a source left for the next one. */
typedef struct memory {
    apr_int64_t source_id;
    apr_pool_t *pool;
    mcpr_seen seen;
} memory;

struct mcpr_rounds {
    apr_pool_t *pool;
    mcpr_settings *settings;
    const char *state_dir;
    mcpr_worker_pool *workers;
    due_round round;
    apr_array_header_t *memories; /* of memory */
    mcpr_delays *delays;
    apr_time_t next_poll;
    int all;                    /* the next round is of all sources */
    apr_int64_t asked;          /* how often all sources were asked for */
    apr_array_header_t *anyhow; /* of apr_int64_t: sources of the next round, due or not */
    int reconciled;             /* see mcpr_rounds_hand_out() */
};

mcpr_rounds *mcpr_rounds_create(mcpr_settings *settings, const char *state_dir, apr_pool_t *pool)
{
    mcpr_rounds *self = apr_pcalloc(pool, sizeof *self);

    self->pool = pool;
    self->settings = settings;
    self->state_dir = state_dir;
    self->memories = apr_array_make(pool, 16, sizeof(memory));
    self->anyhow = apr_array_make(pool, 16, sizeof(apr_int64_t));
    self->delays = mcpr_delays_create(pool);
    self->workers = mcpr_worker_pool_create(pool);
    return self->workers ? self : NULL;
}

static int is_in(const apr_array_header_t *ids, apr_int64_t id)
{
    for (int i = 0; ids && i < ids->nelts; i++) {
        if (APR_ARRAY_IDX(ids, i, apr_int64_t) == id) {
            return 1;
        }
    }
    return 0;
}

static void add_id(apr_array_header_t *ids, apr_int64_t id)
{
    if (!is_in(ids, id)) {
        APR_ARRAY_PUSH(ids, apr_int64_t) = id;
    }
}

/* As PostgreSQL's array. */
static const char *ids_text(const apr_array_header_t *ids, apr_pool_t *pool)
{
    apr_array_header_t *texts = apr_array_make(pool, 8, sizeof(const char *));

    for (int i = 0; i < ids->nelts; i++) {
        APR_ARRAY_PUSH(texts, const char *) = mcpr_db_number(APR_ARRAY_IDX(ids, i, apr_int64_t), pool);
    }
    return apr_pstrcat(pool, "{", apr_array_pstrcat(pool, texts, ','), "}", NULL);
}

/* Is the next poll to be at once, when a round of all sources is not under way? */
static int is_asked(const mcpr_rounds *self)
{
    return self->all || self->anyhow->nelts > 0;
}

static void end_round(mcpr_rounds *self)
{
    if (self->round.rows) {
        apr_pool_destroy(self->round.pool);
    }
    self->round = (due_round){0};
}

static memory *recall(const mcpr_rounds *self, apr_int64_t source_id)
{
    for (int i = 0; i < self->memories->nelts; i++) {
        memory *one = &APR_ARRAY_IDX(self->memories, i, memory);

        if (one->source_id == source_id) {
            return one;
        }
    }
    return NULL;
}

static const char *copied(apr_pool_t *pool, const char *text)
{
    return text ? apr_pstrdup(pool, text) : NULL;
}

static mcpr_seen copied_seen(const mcpr_seen *seen, apr_pool_t *pool)
{
    return (mcpr_seen){copied(pool, seen->mark), copied(pool, seen->data_hash),
                       copied(pool, seen->settings_hash), seen->complete_at};
}

/* What is not remembered is fetched: forgetting all is only slow. */
static void forget_all(mcpr_rounds *self)
{
    for (int i = 0; i < self->memories->nelts; i++) {
        apr_pool_destroy(APR_ARRAY_IDX(self->memories, i, memory).pool);
    }
    apr_array_clear(self->memories);
}

static void remember(mcpr_rounds *self, const mcpr_job *job)
{
    const mcpr_sync_result *result = job->result;
    memory *one = recall(self, job->task.source_id);
    mcpr_seen seen = {result->mark, result->data_hash, result->settings_hash, result->began};

    if (result->outcome != MCPR_OUTCOME_CHANGED && result->outcome != MCPR_OUTCOME_UNCHANGED) {
        return;
    }
    if (!one && !seen.mark) {
        return;
    }
    if (result->is_partial) {
        seen.complete_at = job->task.seen.complete_at;
    }
    if (one) {
        apr_pool_clear(one->pool);
    } else {
        if (self->memories->nelts >= SEEN_MOST) {
            forget_all(self);
        }
        one = &APR_ARRAY_PUSH(self->memories, memory);
        one->source_id = job->task.source_id;
        apr_pool_create(&one->pool, self->pool);
    }
    one->seen = copied_seen(&seen, one->pool);
}

void mcpr_rounds_drop(mcpr_rounds *self)
{
    for (int i = 0; i < mcpr_worker_pool_busy(self->workers); i++) {
        mcpr_worker_pool_cancel(mcpr_worker_pool_job(self->workers, i));
    }
    end_round(self);
    apr_array_clear(self->anyhow);
    forget_all(self);
    mcpr_delays_forget_all(self->delays);
    mcpr_worker_pool_rest(self->workers, 0);
}

/* Who failed without a row that says so is left alone for a while. */
static void learn(mcpr_rounds *self, const mcpr_job *job)
{
    const mcpr_sync_result *result = job->result;

    if (result->outcome == MCPR_OUTCOME_FAILED && result->unstored) {
        mcpr_delays_add(self->delays, job->task.source_id, job->task.source->interval, mcpr_clock());
    } else if (result->outcome <= MCPR_OUTCOME_FAILED) {
        mcpr_delays_forget(self->delays, job->task.source_id);
    }
}

void mcpr_rounds_collect(mcpr_rounds *self)
{
    mcpr_job *job;

    while ((job = mcpr_worker_pool_take(self->workers)) != NULL) {
        if (!atomic_load(&job->cancelled)) { /* else it may be of another store */
            remember(self, job);
            learn(self, job);
        }
        if (job->again_forced) {
            add_id(self->anyhow, job->task.source_id);
        }
        if (job->again || job->result->again) {
            self->next_poll = 0;
        }
        mcpr_snapshot_release(job->snapshot);
        apr_pool_destroy(job->pool);
    }
    mcpr_worker_pool_rest(self->workers, IDLE_MOST);
}

static mcpr_job *running(const mcpr_rounds *self, apr_int64_t source_id)
{
    for (int i = 0; i < mcpr_worker_pool_busy(self->workers); i++) {
        mcpr_job *job = mcpr_worker_pool_job(self->workers, i);

        if (job->task.source_id == source_id) {
            return job;
        }
    }
    return NULL;
}

/* A sync whose source was changed or deleted, by whomever, is not wanted any more. */
static apr_status_t cancel_stale(mcpr_rounds *self, mcpr_db *db, apr_pool_t *pool)
{
    apr_array_header_t *ids = apr_array_make(pool, 8, sizeof(apr_int64_t));
    int busy = mcpr_worker_pool_busy(self->workers);
    mcpr_rows *rows = NULL;
    apr_status_t status;

    if (busy == 0) {
        return APR_SUCCESS;
    }
    for (int i = 0; i < busy; i++) {
        APR_ARRAY_PUSH(ids, apr_int64_t) = mcpr_worker_pool_job(self->workers, i)->task.source_id;
    }
    status = mcpr_db_run(db, MCPR_SQL_SOURCES_STAMPS, &rows, pool, MCPR_ARGS(ids_text(ids, pool)));
    for (int i = 0; status == APR_SUCCESS && i < busy; i++) {
        mcpr_job *job = mcpr_worker_pool_job(self->workers, i);
        int same = 0;

        for (int row = 0; row < mcpr_rows_count(rows) && !same; row++) {
            same = mcpr_rows_int(rows, row, 0) == job->task.source_id &&
                   strcmp(mcpr_rows_text(rows, row, 1), job->row_stamp) == 0;
        }
        if (!same) {
            mcpr_worker_pool_cancel(job);
        }
    }
    return status;
}

/*
 * The source of a row: as it is configured here, else as the row has it. NULL when it is not for us. Before
 * the configuration is in the store, all are as their rows have them: what is written gets the claims of the
 * row, and those belong to the row's settings.
 */
static const mcpr_config_source *source_of(const mcpr_rounds *self, const mcpr_rows *rows, int row,
                                           apr_pool_t *pool)
{
    const apr_array_header_t *sources = self->settings->snapshot->config->sources;
    const mcpr_source_row stored = {
        .name = mcpr_rows_text(rows, row, DUE_NAME),
        .type = mcpr_rows_text(rows, row, DUE_TYPE),
        .format = mcpr_rows_text(rows, row, DUE_FORMAT),
        .block = mcpr_rows_text(rows, row, DUE_BLOCK),
        .filter = mcpr_rows_text(rows, row, DUE_FILTER),
        .interval = mcpr_rows_int(rows, row, DUE_INTERVAL),
    };
    const mcpr_config_source *source;
    const char *error;

    for (int i = 0; self->reconciled && i < sources->nelts && !mcpr_rows_true(rows, row, DUE_IS_API); i++) {
        source = &APR_ARRAY_IDX(sources, i, mcpr_config_source);
        if (strcmp(source->name, stored.name) == 0) {
            /* Another type: another daemon has another configuration. */
            return strcmp(mcpr_source_type_name(source->type), stored.type) == 0 ? source : NULL;
        }
    }
    source = mcpr_source_stored(&stored, &error, pool);
    if (!source) {
        mcpr_log(MCPR_LOG_ERROR, "A stored source cannot be read", "s:s", "error", error);
    }
    return source;
}

/* A job for a row of the round; NULL when there is nothing to do for us. */
static mcpr_job *make_job(mcpr_rounds *self, int row, const char *conninfo)
{
    const mcpr_rows *rows = self->round.rows;
    apr_int64_t id = mcpr_rows_int(rows, row, DUE_ID);
    const memory *known = recall(self, id);
    const mcpr_config_source *source;
    apr_pool_t *pool;
    mcpr_job *job;

    apr_pool_create(&pool, NULL);
    source = source_of(self, rows, row, pool);
    if (!source) {
        apr_pool_destroy(pool);
        return NULL;
    }
    job = apr_pcalloc(pool, sizeof *job);
    job->pool = pool;
    job->snapshot = mcpr_settings_hold(self->settings);
    job->conninfo = apr_pstrdup(pool, conninfo);
    job->asked = self->asked;
    job->row_stamp = apr_pstrdup(pool, mcpr_rows_text(rows, row, DUE_STAMP));
    job->task = (mcpr_task){.config = job->snapshot->config,
                            .source = source,
                            .source_id = id,
                            .forced = self->round.forced || is_in(self->round.anyhow, id),
                            .state_dir = self->state_dir};
    if (known) {
        job->task.seen = copied_seen(&known->seen, pool);
    }
    return job;
}

/* Hands one row of the round to a worker. */
static void dispatch(mcpr_rounds *self, int row, const char *conninfo, int limit)
{
    apr_int64_t id = mcpr_rows_int(self->round.rows, row, DUE_ID);
    mcpr_job *busy = running(self, id);
    mcpr_job *job;

    if (busy) {
        busy->again = 1;
        /* One that began after the last request is what was asked for: else two that overlap would call for
         * each other for ever. */
        busy->again_forced |= self->round.forced && busy->asked < self->asked;
        return;
    }
    if (!self->round.forced && !is_in(self->round.anyhow, id) &&
        mcpr_delays_hold(self->delays, id, mcpr_clock())) {
        return;
    }
    if (mcpr_rows_true(self->round.rows, row, DUE_HELD) || (job = make_job(self, row, conninfo)) == NULL) {
        return;
    }
    if (mcpr_worker_pool_give(self->workers, job, limit) != APR_SUCCESS) {
        mcpr_snapshot_release(job->snapshot);
        apr_pool_destroy(job->pool);
    }
}

void mcpr_rounds_hand_out(mcpr_rounds *self, const char *conninfo, int reconciled)
{
    int limit = self->settings->snapshot->config->sync.workers;

    self->reconciled = reconciled;

    while (self->round.rows && mcpr_worker_pool_busy(self->workers) < limit) {
        if (self->round.next == mcpr_rows_count(self->round.rows)) {
            end_round(self);
            if (is_asked(self)) {
                mcpr_rounds_soon(self);
            }
            return;
        }
        dispatch(self, self->round.next++, conninfo, limit);
    }
}

/* A round that is cut short leaves to the next one what it should have looked at anyhow. */
static void keep_left(mcpr_rounds *self)
{
    const due_round *round = &self->round;

    for (int row = round->next; round->rows && row < mcpr_rows_count(round->rows); row++) {
        apr_int64_t id = mcpr_rows_int(round->rows, row, DUE_ID);

        if (is_in(round->anyhow, id)) {
            add_id(self->anyhow, id);
        }
    }
}

apr_status_t mcpr_rounds_poll(mcpr_rounds *self, mcpr_db *db, apr_pool_t *pool)
{
    apr_interval_time_t every = self->settings->snapshot->config->sync.poll_interval;
    int whole = self->round.rows && self->round.forced; /* it is not cut short by a round of some */
    due_round fresh = {.forced = self->all};
    apr_status_t status;

    if (!(is_asked(self) && !whole) && mcpr_clock() < self->next_poll) {
        return APR_SUCCESS;
    }
    /* Spread by a tenth, so that several daemons don't march in step. */
    self->next_poll = mcpr_clock() + (apr_interval_time_t)((double)every * (0.9 + 0.2 * mcpr_chance()));
    status = cancel_stale(self, db, pool);
    if (status != APR_SUCCESS || whole) {
        return status;
    }
    keep_left(self);
    apr_pool_create(&fresh.pool, self->pool);
    fresh.anyhow = apr_array_copy(fresh.pool, self->anyhow);
    status = mcpr_db_run(db, MCPR_SQL_SOURCES_DUE, &fresh.rows, fresh.pool,
                         MCPR_ARGS(fresh.forced ? "t" : "f", ids_text(fresh.anyhow, fresh.pool)));
    if (status != APR_SUCCESS) {
        apr_pool_destroy(fresh.pool);
        return status;
    }
    self->all = 0;
    apr_array_clear(self->anyhow);
    end_round(self);
    self->round = fresh;
    return APR_SUCCESS;
}

int mcpr_rounds_stop(mcpr_rounds *self)
{
    mcpr_worker_pool_stop(self->workers);
    mcpr_rounds_collect(self);
    if (mcpr_worker_pool_busy(self->workers) > 0) {
        return 0;
    }
    mcpr_worker_pool_join(self->workers);
    end_round(self);
    return 1;
}

void mcpr_rounds_all(mcpr_rounds *self)
{
    self->all = 1;
    self->asked++;
}

void mcpr_rounds_soon(mcpr_rounds *self)
{
    self->next_poll = 0;
}

apr_time_t mcpr_rounds_next(const mcpr_rounds *self)
{
    return self->next_poll;
}

int mcpr_rounds_fd(const mcpr_rounds *self)
{
    return mcpr_worker_pool_fd(self->workers);
}

int mcpr_rounds_busy(const mcpr_rounds *self)
{
    return mcpr_worker_pool_busy(self->workers);
}
