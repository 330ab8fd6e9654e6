/*
 * The order to stop: threads that wait for something else with poll() wait for it too.
 */
#ifndef MCPR_STORE_ORDER_H
#define MCPR_STORE_ORDER_H

#include "common/util/attributes.h"
#include <apr_errno.h>
#include <apr_pools.h>

typedef struct mcpr_order {
    int ends[2]; /* a pipe: readable at ends[0] for good once the order has been given */
} mcpr_order;

/** Makes an order that has not been given; its descriptors are closed with `pool`, and by exec(). */
MCPR_MUSTCHECK apr_status_t mcpr_order_create(mcpr_order *order, apr_pool_t *pool);

/** Gives the order; it can't be taken back. May be called from a signal handler. */
void mcpr_order_give(const mcpr_order *order);

/** Non-zero once it has been given. */
int mcpr_order_given(const mcpr_order *order);

#endif
