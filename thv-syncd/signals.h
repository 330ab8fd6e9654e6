/*
 * Signals as something to wait for and to read, instead of something that interrupts.
 */
#ifndef THV_SYNCD_SIGNALS_H
#define THV_SYNCD_SIGNALS_H

#include "common/util/attributes.h"
#include <apr_errno.h>

/** What has been asked for since somebody last cleared it. */
typedef struct mcpr_signals {
    int fd;     /* to wait on, beside others */
    int stop;   /* SIGTERM, SIGINT; never cleared. The second one ends the process at once */
    int reload; /* SIGHUP */
    int look;   /* SIGUSR1: look at every source now */
} mcpr_signals;

/** Blocks the signals and opens the descriptor. Before any thread starts, so that all of them inherit the
 * mask. */
MCPR_MUSTCHECK apr_status_t mcpr_signals_open(mcpr_signals *signals);

/** Reads what has arrived, without waiting. */
void mcpr_signals_read(mcpr_signals *signals);

#endif
