/*
 * The daemon's log: one JSON object a line on standard error (spec observability.md 7). Thread-safe.
 */
#ifndef THV_SYNCD_LOG_H
#define THV_SYNCD_LOG_H

typedef enum mcpr_log_level { MCPR_LOG_DEBUG, MCPR_LOG_INFO, MCPR_LOG_WARN, MCPR_LOG_ERROR } mcpr_log_level;

/**
 * Reads the level from THV_REGISTRY_LOG_LEVEL, else LOG_LEVEL, and finds out whether standard error is the
 * journal. Call it once, before any thread.
 */
void mcpr_log_open(void);

/** Non-zero when lines of this level are written: for texts that cost something to make. */
int mcpr_log_wants(mcpr_log_level level);

/**
 * Writes a line: time, level, msg, then the fields. `fields` and what follows are those of jansson's
 * json_pack() for the inside of an object ("s:s, s:I"), NULL for none. Texts must be valid UTF-8: what comes
 * from a far side went through mcpr_utf8_clean(). Longer values than 1 KiB are cut. No secrets, no connection
 * strings.
 */
void mcpr_log(mcpr_log_level level, const char *msg, const char *fields, ...);

#endif
