/*
 * Talking to the service manager (sd_notify). Without systemd nothing happens. For one thread, the
 * coordinator's: what was said last is remembered.
 */
#ifndef THV_SYNCD_NOTIFY_H
#define THV_SYNCD_NOTIFY_H

#include "common/util/attributes.h"

/** Ready: the configuration is in the store, which answers and has a schema that fits. Also ends a reload. */
void mcpr_notify_ready(void);

/** One line for `systemctl status`, valid UTF-8. Sent only when it differs from the last one. */
void mcpr_notify_status(const char *format, ...) MCPR_PRINTF(1, 2);

/** A reload starts; mcpr_notify_ready() ends it. */
void mcpr_notify_reloading(void);

void mcpr_notify_stopping(void);

/** Starting takes so much longer (waiting for the database, migrating, a conflict): don't give up on us yet.
 */
void mcpr_notify_extend(int seconds);

/** Feeds the watchdog, at most as often as it needs. Call it from everything that waits in that thread. */
void mcpr_notify_alive(void);

#endif
