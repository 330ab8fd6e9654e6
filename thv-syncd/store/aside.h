/*
 * Calls that wait for the network and know no time limit, in a thread of their own: whoever wants the answer
 * waits for it with a pulse, and leaves the call to itself when that says so.
 */
#ifndef THV_SYNCD_STORE_ASIDE_H
#define THV_SYNCD_STORE_ASIDE_H

#include "common/util/attributes.h"
#include "thv-syncd/status.h"
#include <apr_time.h>

typedef struct mcpr_aside {
    void (*call)(void *baton);    /* touches nothing but the baton */
    void (*discard)(void *baton); /* frees the baton and what it owns */
    void *baton;                  /* of no pool: it may outlive whoever asks */
} mcpr_aside;

/**
 * Runs the call and waits until it has returned: APR_SUCCESS, and the baton is the caller's again. Anything
 * else, and the baton is gone, now or once the call returns: APR_TIMEUP after `limit`, what `pulse` said, or
 * why no thread could be had.
 */
MCPR_MUSTCHECK apr_status_t mcpr_aside_run(const mcpr_aside *what, apr_interval_time_t limit,
                                           const mcpr_pulse *pulse);

#endif
