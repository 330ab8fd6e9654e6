/* The access line. Every value that comes from the client is cleaned and capped; jansson escapes the rest. */
#include "mod_mcp_registry/log/access_line.h"

#include "common/util/utf8.h"
#include "mod_mcp_registry/http/path.h"
#include "mod_mcp_registry/log/request_id.h"
#include <httpd.h>
#include <apr_optional.h>
#include <apr_strings.h>
#include <jansson.h>
#include <mod_log_config.h>
#include <stdlib.h>

#define VALUE_CAP 1024

static const struct {
    int from;
    const char *level;
} levels[] = {
    {500, "ERROR"},
    {400, "WARN" },
    {0,   "INFO" },
};

static const char *level_of(int status)
{
    int i = 0;
    while (status < levels[i].from) {
        i++;
    }
    return levels[i].level;
}

/* RFC 3339, whole seconds, local time. */
static const char *timestamp(apr_time_t time, apr_pool_t *pool)
{
    apr_time_exp_t t;
    apr_time_exp_lt(&t, time);

    int offset = t.tm_gmtoff / 60, minutes = abs(offset);
    const char *zone =
        offset ? apr_psprintf(pool, "%c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60, minutes % 60) : "Z";
    return apr_psprintf(pool, "%04d-%02d-%02dT%02d:%02d:%02d%s", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                        t.tm_hour, t.tm_min, t.tm_sec, zone);
}

static const char *clean(const char *text, apr_size_t len, apr_pool_t *pool)
{
    return mcpr_utf8_clean(text, len, VALUE_CAP, pool);
}

/* The path as routing saw it, decoded once; one that can't be decoded is shown as it came. */
static const char *path_of(const request_rec *r)
{
    const char *target = r->unparsed_uri ? r->unparsed_uri : "";
    mcpr_path path;

    if (mcpr_path_parse(&path, target, r->pool) != APR_SUCCESS) {
        return clean(target, strcspn(target, "?#"), r->pool);
    }
    apr_size_t len = 0;
    for (int i = 0; i < path.count; i++) {
        len += path.segments[i].len + 1;
    }
    char *text = apr_palloc(r->pool, len + 1), *to = text;
    for (int i = 0; i < path.count; i++) {
        *to++ = '/';
        memcpy(to, path.segments[i].text, path.segments[i].len);
        to += path.segments[i].len;
    }
    return clean(text, len, r->pool);
}

/* Who is at the other end of the connection, whatever a header says. */
static const char *peer(const conn_rec *c, apr_pool_t *pool)
{
    const char *format = strchr(c->client_ip, ':') ? "[%s]:%u" : "%s:%u";
    return apr_psprintf(pool, format, c->client_ip, (unsigned)c->client_addr->port);
}

/* `r` is the last of a chain of internal redirects: it has the answer, the first has the question. */
static const char *access_line(request_rec *r, char *argument)
{
    request_rec *first = mcpr_request_first(r);
    apr_time_t now = apr_time_now();
    const char *method = first->method ? first->method : "";

    (void)argument;
    json_t *line =
        json_pack("{s:s,s:s,s:s,s:s,s:s,s:i,s:I,s:I,s:s,s:s,s:s,s:s}", "time", timestamp(now, r->pool),
                  "level", level_of(r->status), "msg", "HTTP request", "method",
                  clean(method, strlen(method), r->pool), "path", path_of(first), "status", r->status,
                  "duration_ms", (json_int_t)apr_time_as_msec(now - first->request_time), "response_bytes",
                  (json_int_t)(r->header_only ? 0 : r->bytes_sent), "request_id", mcpr_request_id(first),
                  "remote_addr", peer(r->connection, r->pool), "sub", "anonymous", "user", "");
    char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    const char *kept = text ? apr_pstrdup(r->pool, text) : NULL;
    free(text);
    json_decref(line);
    return kept;
}

void mcpr_access_line_register(apr_pool_t *pconf)
{
    static char tag[] = "^MR";
    APR_OPTIONAL_FN_TYPE(ap_register_log_handler) *add = APR_RETRIEVE_OPTIONAL_FN(ap_register_log_handler);
    if (add) {
        add(pconf, tag, access_line, 0);
    }
}
