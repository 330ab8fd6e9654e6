/*
 * The threads. A slot is a thread with its worker; what a slot's lock guards is said at the fields.
 */
#include "thv-syncd/sync/worker_pool.h"
#include "common/util/clock.h"
#include "thv-syncd/log.h"
#include <apr_allocator.h>
#include <apr_strings.h>
#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

typedef struct slot {
    mcpr_worker_pool *owner;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    mcpr_job *job;    /* under lock: given and not yet taken back */
    int done;         /* under lock: job has its result */
    int quit;         /* under lock: end when nothing is to be done */
    mcpr_pulse pulse; /* the thread's own from here on */
    mcpr_job *current;
    apr_pool_t *memory; /* of the worker */
    const char *conninfo;
    mcpr_worker *worker;
    apr_time_t since;       /* the owner's: idle since then */
    struct slot *next_free; /* of those without a thread */
} slot;

struct mcpr_worker_pool {
    apr_pool_t *pool;
    apr_array_header_t *slots; /* of slot *; a slot is never moved */
    slot *free;                /* used before, and to be used again */
    int fd;
    atomic_int stopping;
};

static slot *slot_at(const mcpr_worker_pool *self, int i)
{
    return APR_ARRAY_IDX(self->slots, i, slot *);
}

/* --- in the threads */

static apr_status_t beat(void *baton)
{
    const slot *s = baton;

    if (atomic_load(&s->owner->stopping)) {
        return MCPR_ESTOPPED;
    }
    return atomic_load(&s->current->cancelled) ? MCPR_ESTALE : APR_SUCCESS;
}

/* The worker, connected with what the job asks for. */
static void fit_worker(slot *s, const mcpr_job *job)
{
    apr_allocator_t *allocator;

    if (s->worker && strcmp(s->conninfo, job->conninfo) == 0) {
        return;
    }
    if (s->memory) {
        apr_pool_destroy(s->memory);
    }
    if (apr_allocator_create(&allocator) != APR_SUCCESS ||
        apr_pool_create_ex(&s->memory, NULL, NULL, allocator) != APR_SUCCESS) {
        abort();
    }
    apr_allocator_owner_set(allocator, s->memory);
    s->conninfo = apr_pstrdup(s->memory, job->conninfo);
    s->worker = mcpr_worker_create(s->conninfo, &s->pulse, s->memory);
}

static void tell_owner(const mcpr_worker_pool *self)
{
    const uint64_t one = 1;

    while (write(self->fd, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

/* Waits for a job; NULL when the thread shall end. */
static mcpr_job *next_job(slot *s)
{
    mcpr_job *job;

    pthread_mutex_lock(&s->lock);
    while (!s->quit && (!s->job || s->done)) {
        pthread_cond_wait(&s->wake, &s->lock);
    }
    job = s->job && !s->done ? s->job : NULL;
    pthread_mutex_unlock(&s->lock);
    return job;
}

static void *live(void *baton)
{
    slot *s = baton;

    while ((s->current = next_job(s)) != NULL) {
        fit_worker(s, s->current);
        s->current->result = mcpr_worker_run(s->worker, &s->current->task, s->current->pool);
        pthread_mutex_lock(&s->lock);
        s->done = 1;
        pthread_mutex_unlock(&s->lock);
        tell_owner(s->owner);
    }
    if (s->memory) {
        apr_pool_destroy(s->memory);
    }
    return NULL;
}

/* --- in the coordinator's */

mcpr_worker_pool *mcpr_worker_pool_create(apr_pool_t *pool)
{
    mcpr_worker_pool *self = apr_pcalloc(pool, sizeof *self);

    self->pool = pool;
    self->slots = apr_array_make(pool, 8, sizeof(slot *));
    self->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return self->fd < 0 ? NULL : self;
}

int mcpr_worker_pool_fd(const mcpr_worker_pool *self)
{
    return self->fd;
}

int mcpr_worker_pool_busy(const mcpr_worker_pool *self)
{
    int n = 0;

    for (int i = 0; i < self->slots->nelts; i++) {
        n += slot_at(self, i)->job != NULL; /* only this thread writes it */
    }
    return n;
}

mcpr_job *mcpr_worker_pool_job(const mcpr_worker_pool *self, int i)
{
    for (int at = 0; at < self->slots->nelts; at++) {
        if (slot_at(self, at)->job && i-- == 0) {
            return slot_at(self, at)->job;
        }
    }
    return NULL;
}

/* Signals are blocked here, as in every thread: see signals.h. */
static slot *new_slot(mcpr_worker_pool *self)
{
    slot *s = self->free ? self->free : apr_pcalloc(self->pool, sizeof *s);
    slot *others = s->next_free;
    int error;

    *s = (slot){
        .owner = self, .pulse = {beat, s}
    };
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->wake, NULL);
    error = pthread_create(&s->thread, NULL, live, s);
    if (error) {
        mcpr_log(MCPR_LOG_ERROR, "A worker cannot be started", "s:s", "error", strerror(error));
        return NULL;
    }
    self->free = others;
    APR_ARRAY_PUSH(self->slots, slot *) = s;
    return s;
}

static slot *idle_slot(mcpr_worker_pool *self)
{
    for (int i = 0; i < self->slots->nelts; i++) {
        if (!slot_at(self, i)->job) {
            return slot_at(self, i);
        }
    }
    return new_slot(self);
}

/* Ends an idle thread. */
static void end_slot(mcpr_worker_pool *self, int i)
{
    slot *s = slot_at(self, i);

    pthread_mutex_lock(&s->lock);
    s->quit = 1;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    pthread_cond_destroy(&s->wake);
    pthread_mutex_destroy(&s->lock);
    APR_ARRAY_IDX(self->slots, i, slot *) = slot_at(self, self->slots->nelts - 1);
    (void)apr_array_pop(self->slots);
    s->next_free = self->free;
    self->free = s;
}

/* Threads above the limit end when they are idle; the others go on with what they have. */
static void shrink(mcpr_worker_pool *self, int limit)
{
    for (int i = self->slots->nelts - 1; i >= 0 && self->slots->nelts > limit; i--) {
        if (!slot_at(self, i)->job) {
            end_slot(self, i);
        }
    }
}

void mcpr_worker_pool_rest(mcpr_worker_pool *self, apr_interval_time_t idle)
{
    apr_time_t now = mcpr_clock();

    for (int i = self->slots->nelts - 1; i >= 0; i--) {
        if (!slot_at(self, i)->job && now - slot_at(self, i)->since >= idle) {
            end_slot(self, i);
        }
    }
}

apr_status_t mcpr_worker_pool_give(mcpr_worker_pool *self, mcpr_job *job, int limit)
{
    slot *s;

    if (mcpr_worker_pool_busy(self) >= limit || (s = idle_slot(self)) == NULL) {
        return APR_EAGAIN;
    }
    pthread_mutex_lock(&s->lock);
    s->job = job;
    s->done = 0;
    pthread_cond_signal(&s->wake);
    pthread_mutex_unlock(&s->lock);
    shrink(self, limit);
    return APR_SUCCESS;
}

static void forget_wakes(const mcpr_worker_pool *self)
{
    uint64_t count;

    while (read(self->fd, &count, sizeof count) < 0 && errno == EINTR) {
    }
}

mcpr_job *mcpr_worker_pool_take(mcpr_worker_pool *self)
{
    forget_wakes(self); /* before looking: one that ends now wakes us again */
    for (int i = 0; i < self->slots->nelts; i++) {
        slot *s = slot_at(self, i);
        mcpr_job *job = NULL;

        pthread_mutex_lock(&s->lock);
        if (s->job && s->done) {
            job = s->job;
            s->job = NULL;
            s->since = mcpr_clock();
        }
        pthread_mutex_unlock(&s->lock);
        if (job) {
            return job;
        }
    }
    return NULL;
}

void mcpr_worker_pool_cancel(mcpr_job *job)
{
    atomic_store(&job->cancelled, 1);
}

void mcpr_worker_pool_stop(mcpr_worker_pool *self)
{
    atomic_store(&self->stopping, 1);
}

void mcpr_worker_pool_join(mcpr_worker_pool *self)
{
    shrink(self, 0);
    close(self->fd);
}
