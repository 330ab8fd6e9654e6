/* The order to stop: a pipe that somebody writes one byte to. */
#include "mod_mcp_registry/store/order.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

static apr_status_t close_both(void *baton)
{
    mcpr_order *order = baton;
    close(order->ends[0]);
    close(order->ends[1]);
    return APR_SUCCESS;
}

apr_status_t mcpr_order_create(mcpr_order *order, apr_pool_t *pool)
{
    if (pipe2(order->ends, O_CLOEXEC | O_NONBLOCK) != 0) {
        return errno;
    }
    apr_pool_cleanup_register(pool, order, close_both, apr_pool_cleanup_null);
    return APR_SUCCESS;
}

void mcpr_order_give(const mcpr_order *order)
{
    int before = errno;
    (void)!write(order->ends[1], "", 1); /* a full pipe says it as well */
    errno = before;
}

int mcpr_order_given(const mcpr_order *order)
{
    struct pollfd fd = {order->ends[0], POLLIN, 0};
    return poll(&fd, 1, 0) > 0;
}
