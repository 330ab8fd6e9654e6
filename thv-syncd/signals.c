/*
 * signalfd.
 */
#include "thv-syncd/signals.h"
#include "thv-syncd/log.h"
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

static const int wanted[] = {SIGTERM, SIGINT, SIGHUP, SIGUSR1};

apr_status_t mcpr_signals_open(mcpr_signals *signals)
{
    sigset_t set;

    sigemptyset(&set);
    for (unsigned i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        sigaddset(&set, wanted[i]);
    }
    *signals = (mcpr_signals){.fd = -1};
    if (sigprocmask(SIG_BLOCK, &set, NULL) == 0) {
        signals->fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    }
    signal(SIGPIPE, SIG_IGN); /* a database that hangs up is an error of that connection, not our end */
    return signals->fd < 0 ? APR_FROM_OS_ERROR(errno) : APR_SUCCESS;
}

void mcpr_signals_read(mcpr_signals *signals)
{
    struct signalfd_siginfo info;

    while (read(signals->fd, &info, sizeof info) == (ssize_t)sizeof info) {
        switch (info.ssi_signo) {
        case SIGHUP: signals->reload = 1; break;
        case SIGUSR1: signals->look = 1; break;
        default:
            if (signals->stop) {
                mcpr_log(MCPR_LOG_WARN, "Stopped at once", NULL);
                _exit(1);
            }
            signals->stop = 1;
            mcpr_log(MCPR_LOG_INFO, "Stopping", "s:i", "signal", (int)info.ssi_signo);
        }
    }
}
