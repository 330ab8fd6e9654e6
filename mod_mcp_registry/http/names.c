/* Path parameters and their complaints, in the reference's order. */
#include "mod_mcp_registry/http/names.h"

#include "common/model/name.h"
#include "common/util/utf8.h"
#include "mod_mcp_registry/http/params.h"
#include <apr_strings.h>
#include <string.h>

/* What Unicode calls white space, as UTF-8. */
static const char *const spaces[] = {
    "\t",           "\n",           "\v",           "\f",           "\r",           " ",
    "\xc2\x85",     "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81", "\xe2\x80\x82",
    "\xe2\x80\x83", "\xe2\x80\x84", "\xe2\x80\x85", "\xe2\x80\x86", "\xe2\x80\x87", "\xe2\x80\x88",
    "\xe2\x80\x89", "\xe2\x80\x8a", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xe2\x80\xaf", "\xe2\x81\x9f",
    "\xe3\x80\x80"};

static apr_size_t space_at_start(const char *s)
{
    for (size_t i = 0; i < sizeof(spaces) / sizeof(*spaces); i++) {
        apr_size_t len = strlen(spaces[i]);
        if (strncmp(s, spaces[i], len) == 0) {
            return len;
        }
    }
    return 0;
}

static apr_size_t space_at_end(const char *s, apr_size_t n)
{
    for (size_t i = 0; i < sizeof(spaces) / sizeof(*spaces); i++) {
        apr_size_t len = strlen(spaces[i]);
        if (n >= len && memcmp(s + n - len, spaces[i], len) == 0) {
            return len;
        }
    }
    return 0;
}

static const char *trim(const char *s, apr_pool_t *pool)
{
    apr_size_t n;
    while ((n = space_at_start(s))) {
        s += n;
    }
    apr_size_t len = strlen(s);
    while ((n = space_at_end(s, len))) {
        len -= n;
    }
    return apr_pstrmemdup(pool, s, len);
}

/* The checks that all parameters share. */
static const char *check(const char *parameter, const char *text, apr_pool_t *pool)
{
    if (!mcpr_utf8_valid(text, strlen(text))) {
        return apr_pstrcat(pool, MCPR_BAD_ENCODING " in ", parameter, NULL);
    }
    if (*trim(text, pool) == '\0') {
        return apr_pstrcat(pool, parameter, " cannot be empty", NULL);
    }
    if (strpbrk(text, " \t\r\n")) {
        return apr_pstrcat(pool, parameter, " cannot contain whitespace", NULL);
    }
    return NULL;
}

static const char *decode_again(const char **text, const char *parameter, const mcpr_path *path,
                                const mcpr_segment *segment, apr_pool_t *pool)
{
    if (strlen(segment->text) != segment->len) {
        return apr_pstrcat(pool, MCPR_BAD_ENCODING " in ", parameter, NULL);
    }
    *text = path->canonical ? mcpr_percent_decode(segment->text, pool) : segment->text;
    if (!*text) {
        return apr_pstrcat(pool, "invalid URL encoding in ", parameter, NULL);
    }
    return check(parameter, *text, pool);
}

const char *mcpr_registry_name_read(const char **name, const mcpr_segment *segment, apr_pool_t *pool)
{
    if (strlen(segment->text) != segment->len) {
        return MCPR_BAD_ENCODING " in registryName";
    }
    *name = segment->text;
    return check("registryName", *name, pool);
}

const char *mcpr_server_name_read(const char **name, const mcpr_path *path, const mcpr_segment *segment,
                                  apr_pool_t *pool)
{
    const char *complaint = decode_again(name, "serverName", path, segment, pool);
    if (complaint) {
        return complaint;
    }
    *name = trim(*name, pool);
    complaint = mcpr_server_name_complaint(*name, pool);
    return complaint ? apr_pstrcat(pool, "invalid server name format: ", complaint, NULL) : NULL;
}

const char *mcpr_version_read(const char **version, const mcpr_path *path, const mcpr_segment *segment,
                              apr_pool_t *pool)
{
    return decode_again(version, "version", path, segment, pool);
}
