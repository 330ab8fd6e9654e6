/*
 * The daemon's own status codes, beside APR's, and the pulse that every long wait runs.
 */
#ifndef THV_SYNCD_STATUS_H
#define THV_SYNCD_STATUS_H

#include <apr_errno.h>

/** A statement was refused; the connection lives on. */
#define MCPR_EDB (APR_OS_START_USERERR + 1)
/** A conflict with another transaction (40001, 40P01): the same again may succeed. */
#define MCPR_ERETRY (APR_OS_START_USERERR + 2)
/** The connection is gone; after a COMMIT the outcome is unknown. */
#define MCPR_ELOST (APR_OS_START_USERERR + 3)
/** The process was told to stop. */
#define MCPR_ESTOPPED (APR_OS_START_USERERR + 4)
/** The source is gone, or its settings moved under the sync: the result is thrown away. */
#define MCPR_ESTALE (APR_OS_START_USERERR + 5)

/**
 * What a long wait calls several times a second: it keeps the watchdog fed, reads signals and watches
 * deadlines. `beat` returns APR_SUCCESS to go on, MCPR_ESTOPPED or APR_TIMEUP to give up; the waiter hands
 * that on. A NULL pulse never ends a wait.
 */
typedef struct mcpr_pulse {
    apr_status_t (*beat)(void *baton);
    void *baton;
} mcpr_pulse;

/** One beat of `pulse`, which may be NULL. */
static inline apr_status_t mcpr_pulse_beat(const mcpr_pulse *pulse)
{
    return pulse ? pulse->beat(pulse->baton) : APR_SUCCESS;
}

#endif
