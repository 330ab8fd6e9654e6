/* Query parameters: the first value of a name counts, an empty one is none, broken pairs are passed over. */
#include "mod_mcp_registry/http/params.h"

#include "common/util/utf8.h"
#include "mod_mcp_registry/http/cursor.h"
#include "mod_mcp_registry/http/escape.h"
#include "mod_mcp_registry/http/instant.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_LIMIT 30
#define MAX_LIMIT     1000

/* A value as sent, still escaped; it may hold %00, so it has a length of its own once decoded. */
typedef struct value {
    char *text;
    apr_size_t len;
} value;

/* Decodes the form encoding of [s, end); 0 when an escape is malformed. */
static int form_decode(value *out, const char *s, const char *end, apr_pool_t *pool)
{
    out->text = apr_palloc(pool, (apr_size_t)(end - s) + 1);
    out->len = 0;
    for (; s < end; s++) {
        char c = *s == '+' ? ' ' : *s;
        if (c == '%') {
            int escape = mcpr_escape_value(s, end);
            if (escape < 0) {
                return 0;
            }
            c = (char)escape;
            s += 2;
        }
        out->text[out->len++] = c;
    }
    out->text[out->len] = '\0';
    return 1;
}

/* The first value of `name` in the query; 0 when there is none or it is empty. */
static int find(value *out, const char *args, const char *name, apr_pool_t *pool)
{
    for (const char *s = args; s && *s;) {
        const char *end = s + strcspn(s, "&");
        const char *equals = memchr(s, '=', (size_t)(end - s));
        const char *key_end = equals ? equals : end;
        value key;
        if (key_end > s && !memchr(s, ';', (size_t)(end - s)) && form_decode(&key, s, key_end, pool) &&
            key.len == strlen(name) && memcmp(key.text, name, key.len) == 0 &&
            form_decode(out, equals ? equals + 1 : end, end, pool)) {
            return out->len > 0;
        }
        s = *end ? end + 1 : end;
    }
    return 0;
}

static int well_encoded(const value *v)
{
    return strlen(v->text) == v->len && mcpr_utf8_valid(v->text, v->len);
}

/* A decimal integer with an optional sign that fits 64 bits. */
static int parse_integer(const value *v, apr_int64_t *number)
{
    const char *digits = v->text + (*v->text == '+' || *v->text == '-');
    char *end;

    if (strlen(v->text) != v->len || *digits == '\0' || strspn(digits, "0123456789") != strlen(digits)) {
        return 0;
    }
    errno = 0;
    *number = strtoll(v->text, &end, 10);
    return errno == 0 && *end == '\0';
}

static const char *read_limit(mcpr_list_params *params, const char *args, int *not_positive, apr_pool_t *pool)
{
    value v;
    apr_int64_t number;

    params->limit = DEFAULT_LIMIT;
    if (!find(&v, args, "limit", pool)) {
        return NULL;
    }
    if (!parse_integer(&v, &number)) {
        return "Invalid limit parameter: must be an integer";
    }
    *not_positive = number <= 0;
    params->limit = number > MAX_LIMIT ? MAX_LIMIT : (int)number;
    return NULL;
}

static const char *read_since(mcpr_list_params *params, const char *args, apr_pool_t *pool)
{
    value v;
    if (find(&v, args, "updated_since", pool) &&
        (strlen(v.text) != v.len ||
         mcpr_instant_parse(v.text, &params->updated_since, pool) != APR_SUCCESS)) {
        return "Invalid updated_since parameter: must be RFC3339 format (e.g., 2025-08-07T13:15:04.280Z)";
    }
    return NULL;
}

/* Reads a boolean as the reference's language spells them; *given tells whether it was there. */
static const char *read_deleted(int *deleted, int *given, const char *args, apr_pool_t *pool)
{
    static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True"};
    static const char *const no[] = {"0", "f", "F", "false", "FALSE", "False"};
    value v;

    *deleted = 0;
    *given = find(&v, args, "include_deleted", pool);
    if (!*given) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
        if (strlen(v.text) == v.len && (strcmp(v.text, yes[i]) == 0 || strcmp(v.text, no[i]) == 0)) {
            *deleted = strcmp(v.text, yes[i]) == 0;
            return NULL;
        }
    }
    return "Invalid include_deleted parameter: must be true or false";
}

/* search, version and cursor: in the reference they fail after the registry was looked up, and so do they
 * here. */
static const char *read_texts(mcpr_list_params *params, const char *args, apr_pool_t *pool)
{
    value v;

    params->cursor_name = params->cursor_version = "";
    if (find(&v, args, "cursor", pool) &&
        (strlen(v.text) != v.len ||
         mcpr_cursor_decode(v.text, &params->cursor_name, &params->cursor_version, pool) != APR_SUCCESS)) {
        return "Invalid cursor parameter";
    }
    if (find(&v, args, "search", pool)) {
        if (!well_encoded(&v)) {
            return MCPR_BAD_ENCODING " in search";
        }
        params->search = v.text;
    }
    if (find(&v, args, "version", pool)) {
        if (!well_encoded(&v)) {
            return MCPR_BAD_ENCODING " in version";
        }
        params->latest = strcmp(v.text, "latest") == 0;
        params->version = params->latest ? NULL : v.text;
    }
    return NULL;
}

mcpr_complaint mcpr_list_params_read(mcpr_list_params *params, const char *args, apr_pool_t *pool)
{
    int not_positive = 0, deleted, deleted_given;
    mcpr_complaint complaint = {NULL, 0};

    memset(params, 0, sizeof(*params));
    if ((complaint.text = read_limit(params, args, &not_positive, pool)) ||
        (complaint.text = read_since(params, args, pool)) ||
        (complaint.text = read_deleted(&deleted, &deleted_given, args, pool))) {
        return complaint;
    }
    if (not_positive) {
        complaint.text = "Invalid limit parameter: must be greater than zero";
        return complaint;
    }
    if (params->updated_since && deleted_given && !deleted) {
        complaint.text = "Invalid include_deleted parameter: updated_since includes deleted versions";
        return complaint;
    }
    params->include_deleted = deleted || params->updated_since;
    complaint.text = read_texts(params, args, pool);
    complaint.after_registry = 1;
    return complaint;
}

mcpr_complaint mcpr_include_deleted_read(int *include_deleted, const char *args, apr_pool_t *pool)
{
    int given;
    mcpr_complaint complaint = {read_deleted(include_deleted, &given, args, pool), 0};
    return complaint;
}
