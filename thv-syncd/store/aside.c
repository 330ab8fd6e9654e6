/*
 * A detached thread a call. Whoever leaves last, the thread or the one who waits, cleans up.
 */
#include "thv-syncd/store/aside.h"
#include "common/util/clock.h"
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define BEAT_NS (200 * 1000 * 1000)

typedef struct errand {
    mcpr_aside what;
    pthread_mutex_t lock;
    pthread_cond_t over;
    int returned; /* under lock */
    int left;     /* under lock: nobody waits any more */
} errand;

static void forget(errand *self)
{
    pthread_cond_destroy(&self->over);
    pthread_mutex_destroy(&self->lock);
    free(self);
}

static void *go(void *data)
{
    errand *self = data;
    int left;

    self->what.call(self->what.baton);
    pthread_mutex_lock(&self->lock);
    self->returned = 1;
    left = self->left;
    pthread_cond_signal(&self->over);
    pthread_mutex_unlock(&self->lock);
    if (left) {
        self->what.discard(self->what.baton);
        forget(self);
    }
    return NULL;
}

static errand *set_out(const mcpr_aside *what, int *error)
{
    errand *self = calloc(1, sizeof *self);
    pthread_condattr_t condition;
    pthread_attr_t detached;
    pthread_t thread;

    if (!self) {
        abort(); /* as APR does when memory is out */
    }
    self->what = *what;
    pthread_mutex_init(&self->lock, NULL);
    pthread_condattr_init(&condition);
    pthread_condattr_setclock(&condition, CLOCK_MONOTONIC);
    pthread_cond_init(&self->over, &condition);
    pthread_condattr_destroy(&condition);
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    *error = pthread_create(&thread, &detached, go, self);
    pthread_attr_destroy(&detached);
    if (*error) {
        forget(self);
        return NULL;
    }
    return self;
}

/* Until the next beat, under the lock. */
static void wait_a_little(errand *self)
{
    struct timespec until;

    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += BEAT_NS;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    (void)pthread_cond_timedwait(&self->over, &self->lock, &until);
}

apr_status_t mcpr_aside_run(const mcpr_aside *what, apr_interval_time_t limit, const mcpr_pulse *pulse)
{
    apr_time_t until = mcpr_clock() + limit;
    apr_status_t status = APR_SUCCESS;
    int error, returned;
    errand *self = set_out(what, &error);

    if (!self) {
        what->discard(what->baton);
        return APR_FROM_OS_ERROR(error);
    }
    pthread_mutex_lock(&self->lock);
    while (!self->returned && status == APR_SUCCESS) {
        wait_a_little(self);
        pthread_mutex_unlock(&self->lock);
        status = mcpr_pulse_beat(pulse);
        status = status == APR_SUCCESS && mcpr_clock() >= until ? APR_TIMEUP : status;
        pthread_mutex_lock(&self->lock);
    }
    returned = self->returned;
    self->left = 1;
    pthread_mutex_unlock(&self->lock);
    if (!returned) {
        return status;
    }
    forget(self);
    return APR_SUCCESS;
}
