/*
 * The registry's own block of a version, as text.
 */
#include "common/model/response.h"
#include <apr_strings.h>
#include <jansson.h>
#include <stdlib.h>

const char *mcpr_time_rfc3339(apr_time_t t, apr_pool_t *pool)
{
    /* Whole seconds are rounded down, also before 1970: APR's own split would give a negative fraction there.
     */
    apr_int64_t fraction = t % APR_USEC_PER_SEC;
    if (fraction < 0) {
        fraction += APR_USEC_PER_SEC;
    }
    apr_time_exp_t e;
    apr_time_exp_gmt(&e, t - fraction);
    return apr_psprintf(pool, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", e.tm_year + 1900, e.tm_mon + 1,
                        e.tm_mday, e.tm_hour, e.tm_min, e.tm_sec, (int)fraction);
}

/* `,"statusMessage":"…"`, or nothing when there is none or it is not UTF-8 (which no store would take). */
static const char *message_member(const char *message, apr_pool_t *pool)
{
    if (message == NULL || *message == '\0') {
        return "";
    }
    json_t *value = json_string(message);
    char *text = value != NULL ? json_dumps(value, JSON_ENCODE_ANY) : NULL;
    const char *member = text != NULL ? apr_pstrcat(pool, ",\"statusMessage\":", text, NULL) : "";
    free(text);
    json_decref(value);
    return member;
}

const char *mcpr_official_render(const mcpr_official *official, apr_pool_t *pool)
{
    return apr_pstrcat(pool, "{\"status\":\"", mcpr_status_name(official->status), "\"",
                       message_member(official->status_message, pool), ",\"statusChangedAt\":\"",
                       mcpr_time_rfc3339(official->status_changed_at, pool), "\",\"publishedAt\":\"",
                       mcpr_time_rfc3339(official->published_at, pool), "\",\"updatedAt\":\"",
                       mcpr_time_rfc3339(official->updated_at, pool),
                       "\",\"isLatest\":", official->is_latest ? "true" : "false", "}", NULL);
}
