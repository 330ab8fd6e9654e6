/*
 * A list: it is empty nearly always.
 */
#include "thv-syncd/sync/delays.h"
#include "thv-syncd/sync/backoff.h"
#include <apr_tables.h>

typedef struct delay {
    apr_int64_t source_id, failures;
    apr_time_t until;
} delay;

struct mcpr_delays {
    apr_array_header_t *list; /* of delay */
};

mcpr_delays *mcpr_delays_create(apr_pool_t *pool)
{
    mcpr_delays *self = apr_pcalloc(pool, sizeof *self);

    self->list = apr_array_make(pool, 8, sizeof(delay));
    return self;
}

static delay *find(const mcpr_delays *self, apr_int64_t source_id)
{
    for (int i = 0; i < self->list->nelts; i++) {
        delay *one = &APR_ARRAY_IDX(self->list, i, delay);

        if (one->source_id == source_id) {
            return one;
        }
    }
    return NULL;
}

void mcpr_delays_add(mcpr_delays *self, apr_int64_t source_id, apr_interval_time_t interval, apr_time_t now)
{
    delay *one = find(self, source_id);

    if (!one) {
        one = &APR_ARRAY_PUSH(self->list, delay);
        *one = (delay){.source_id = source_id};
    }
    one->failures++;
    one->until = now + mcpr_retry_wait(interval, one->failures);
}

int mcpr_delays_hold(const mcpr_delays *self, apr_int64_t source_id, apr_time_t now)
{
    const delay *one = find(self, source_id);

    return one && now < one->until;
}

void mcpr_delays_forget(mcpr_delays *self, apr_int64_t source_id)
{
    delay *one = find(self, source_id);

    if (one) {
        *one = APR_ARRAY_IDX(self->list, self->list->nelts - 1, delay);
        (void)apr_array_pop(self->list);
    }
}

void mcpr_delays_forget_all(mcpr_delays *self)
{
    apr_array_clear(self->list);
}
