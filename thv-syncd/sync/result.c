/*
 * The result of an attempt: its words and its line in the log.
 */
#include "thv-syncd/sync/result.h"
#include "common/util/clock.h"
#include "thv-syncd/log.h"
#include <apr_strings.h>
#include <jansson.h>
#include <stdarg.h>

/* What is said, how loud, and the word of the history. */
static const struct {
    const char *name;
    const char *line;
    mcpr_log_level level;
} outcomes[] = {
    [MCPR_OUTCOME_RUNNING] = {"running",     "Sync runs",           MCPR_LOG_DEBUG},
    [MCPR_OUTCOME_CHANGED] = {"changed",     "Sync completed",      MCPR_LOG_INFO },
    [MCPR_OUTCOME_UNCHANGED] = {"unchanged",   "Source is unchanged", MCPR_LOG_DEBUG},
    [MCPR_OUTCOME_FAILED] = {"failed",      "Sync failed",         MCPR_LOG_ERROR},
    [MCPR_OUTCOME_INTERRUPTED] = {"interrupted", "Sync interrupted",    MCPR_LOG_INFO },
    [MCPR_OUTCOME_SKIPPED] = {"skipped",     "Sync skipped",        MCPR_LOG_DEBUG},
};

mcpr_sync_result *mcpr_result_create(const char *source, apr_pool_t *pool)
{
    mcpr_sync_result *result = apr_pcalloc(pool, sizeof *result);

    result->pool = pool;
    result->source = apr_pstrdup(pool, source);
    result->trigger = "interval";
    result->activity = "starting";
    result->message = "";
    result->began = mcpr_clock();
    return result;
}

void mcpr_result_doing(mcpr_sync_result *result, const char *activity)
{
    result->activity = activity;
    mcpr_log(MCPR_LOG_DEBUG, "Sync step", "s:s, s:s", "source", result->source, "step", activity);
}

void mcpr_result_fail(mcpr_sync_result *result, const char *error_type, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    result->message = apr_pvsprintf(result->pool, format, values);
    va_end(values);
    result->error_type = error_type;
    result->outcome = MCPR_OUTCOME_FAILED;
}

const char *mcpr_outcome_name(mcpr_outcome outcome)
{
    return outcomes[outcome].name;
}

static json_int_t milliseconds(apr_time_t from, apr_time_t to)
{
    return (json_int_t)apr_time_as_msec(to - from);
}

void mcpr_result_log(const mcpr_sync_result *result)
{
    apr_time_t now = mcpr_clock();
    json_int_t ms = milliseconds(result->began, now);
    const char *line = outcomes[result->outcome].line;
    mcpr_log_level level = outcomes[result->outcome].level;

    if (result->outcome == MCPR_OUTCOME_FAILED) {
        mcpr_log(level, line, "s:s, s:s, s:s, s:s, s:s, s:I, s:I", "source", result->source, "error",
                 result->message, "error_type", result->error_type, "step", result->activity, "trigger",
                 result->trigger, "consecutive_failures", (json_int_t)result->failures, "duration_ms", ms);
        return;
    }
    if (result->outcome != MCPR_OUTCOME_CHANGED) {
        mcpr_log(level, line, "s:s, s:s, s:s, s:b, s:I", "source", result->source, "trigger", result->trigger,
                 "message", result->message, "incremental", result->is_partial, "duration_ms", ms);
        return;
    }
    mcpr_log(level, line,
             "s:s, s:s, s:s*, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I", "source",
             result->source, "trigger", result->trigger, "reason", result->reason, "incremental",
             result->is_partial, "servers", (json_int_t)result->counts[MCPR_KIND_SERVER], "skills",
             (json_int_t)result->counts[MCPR_KIND_SKILL], "plugins",
             (json_int_t)result->counts[MCPR_KIND_PLUGIN], "filtered", (json_int_t)result->filtered, "added",
             (json_int_t)result->added, "changed", (json_int_t)result->changed, "removed",
             (json_int_t)result->removed, "expired", (json_int_t)result->expired, "bytes",
             (json_int_t)result->bytes, "fetch_ms", milliseconds(result->began, result->checked),
             "compare_ms", milliseconds(result->checked, result->compared), "write_ms",
             milliseconds(result->compared, now), "duration_ms", ms);
}
