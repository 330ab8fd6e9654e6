/*
 * JSON lines on standard error.
 */
#include "thv-syncd/log.h"
#include "common/util/utf8.h"
#include <apr_pools.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define VALUE_BYTES 1024

static const struct {
    const char *name;
    const char *journal; /* syslog's number, as the journal reads it at a line's start */
} levels[] = {
    [MCPR_LOG_DEBUG] = {"DEBUG", "<7>"},
    [MCPR_LOG_INFO] = {"INFO",  "<6>"},
    [MCPR_LOG_WARN] = {"WARN",  "<4>"},
    [MCPR_LOG_ERROR] = {"ERROR", "<3>"},
};

static const struct {
    const char *word;
    mcpr_log_level level;
} words[] = {
    {"debug",   MCPR_LOG_DEBUG},
    {"info",    MCPR_LOG_INFO },
    {"",        MCPR_LOG_INFO },
    {"warn",    MCPR_LOG_WARN },
    {"warning", MCPR_LOG_WARN },
    {"error",   MCPR_LOG_ERROR},
};

/* Set by mcpr_log_open() before any thread starts, read-only afterwards. */
static mcpr_log_level threshold = MCPR_LOG_INFO;
static int to_journal;

static int is_journal(void)
{
    const char *stream = getenv("JOURNAL_STREAM");
    struct stat err;
    char here[64];

    if (!stream || fstat(STDERR_FILENO, &err) != 0) {
        return 0;
    }
    snprintf(here, sizeof here, "%llu:%llu", (unsigned long long)err.st_dev, (unsigned long long)err.st_ino);
    return strcmp(stream, here) == 0;
}

void mcpr_log_open(void)
{
    const char *word = getenv("THV_REGISTRY_LOG_LEVEL");

    word = word && *word ? word : getenv("LOG_LEVEL");
    word = word ? word : "";
    to_journal = is_journal();
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcasecmp(word, words[i].word) == 0) {
            threshold = words[i].level;
            return;
        }
    }
    mcpr_log(MCPR_LOG_WARN, "Invalid LOG_LEVEL, using INFO", NULL);
}

int mcpr_log_wants(mcpr_log_level level)
{
    return level >= threshold;
}

static void local_time(char *out, size_t size)
{
    time_t now = time(NULL);
    struct tm parts;
    size_t len;

    localtime_r(&now, &parts);
    len = strftime(out, size, "%Y-%m-%dT%H:%M:%S%z", &parts);
    if (len > 2 && strcmp(out + len - 5, "+0000") == 0) {
        out[len - 5] = 'Z';
        out[len - 4] = '\0';
    } else if (len > 2 && len + 1 < size) { /* +0100 becomes +01:00 */
        memmove(out + len - 1, out + len - 2, 3);
        out[len - 2] = ':';
    }
}

static void cut_long_values(json_t *line)
{
    apr_pool_t *scratch;
    const char *key;
    json_t *value;

    if (apr_pool_create(&scratch, NULL) != APR_SUCCESS) {
        return;
    }
    json_object_foreach(line, key, value)
    {
        if (json_string_length(value) > VALUE_BYTES) {
            const char *text =
                mcpr_utf8_clean(json_string_value(value), json_string_length(value), VALUE_BYTES, scratch);

            json_string_set(value, text);
        }
    }
    apr_pool_destroy(scratch);
}

static json_t *pack_fields(const char *fields, va_list values)
{
    char format[512];
    json_t *object;

    snprintf(format, sizeof format, "{%s}", fields);
    object = json_vpack_ex(NULL, 0, format, values);
    return object ? object : json_pack("{s:s}", "log_error", "fields that are not JSON");
}

void mcpr_log(mcpr_log_level level, const char *msg, const char *fields, ...)
{
    char now[40];
    json_t *line, *more = NULL;
    char *text;

    if (!mcpr_log_wants(level)) {
        return;
    }
    local_time(now, sizeof now);
    line = json_pack("{s:s, s:s, s:s}", "time", now, "level", levels[level].name, "msg", msg);
    if (fields) {
        va_list values;

        va_start(values, fields);
        more = pack_fields(fields, values);
        va_end(values);
        json_object_update(line, more);
        json_decref(more);
    }
    cut_long_values(line);
    text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    if (text) { /* one call, one write: lines of threads don't mix */
        fprintf(stderr, "%s%s\n", to_journal ? levels[level].journal : "", text);
    }
    free(text);
    json_decref(line);
}
