/*
 * What comes with a request: query strings, cursors, instants, Accept-Encoding. NUL ends a text, as it does
 * in httpd.
 */
#include "common/util/utf8.h"
#include "mod_mcp_registry/http/accept.h"
#include "mod_mcp_registry/http/cursor.h"
#include "mod_mcp_registry/http/instant.h"
#include "mod_mcp_registry/http/params.h"
#include "t/fuzz/fuzz.h"
#include <apr_strings.h>
#include <stdio.h>
#include <string.h>

/* A text that goes to PostgreSQL. */
static void require_storable(const char *text)
{
    mcpr_fuzz_require(!text || mcpr_utf8_valid(text, strlen(text)));
}

void mcpr_fuzz_params(const char *text, apr_size_t len, apr_pool_t *pool)
{
    mcpr_list_params params;
    mcpr_complaint complaint = mcpr_list_params_read(&params, text, pool);
    int include_deleted = -1;

    (void)len;
    if (!complaint.text) {
        mcpr_fuzz_require(params.limit >= 1 && params.limit <= 1000);
        mcpr_fuzz_require(params.cursor_name && params.cursor_version);
        mcpr_fuzz_require(!params.latest || !params.version);
        mcpr_fuzz_require(!params.updated_since || params.include_deleted);
        require_storable(params.cursor_name);
        require_storable(params.cursor_version);
        require_storable(params.search);
        require_storable(params.version);
        require_storable(params.updated_since);
    }
    complaint = mcpr_include_deleted_read(&include_deleted, text, pool);
    mcpr_fuzz_require(complaint.text || include_deleted == 0 || include_deleted == 1);
}

void mcpr_fuzz_cursor(const char *text, apr_size_t len, apr_pool_t *pool)
{
    const char *name, *version, *again, *name2, *version2;

    (void)len;
    if (mcpr_cursor_decode(text, &name, &version, pool) != APR_SUCCESS) {
        return;
    }
    require_storable(name);
    require_storable(version);
    again = mcpr_cursor_encode(name, version, pool);
    mcpr_fuzz_require(mcpr_cursor_decode(again, &name2, &version2, pool) == APR_SUCCESS);
    mcpr_fuzz_require(strcmp(name, name2) == 0 && strcmp(version, version2) == 0);
}

void mcpr_fuzz_instant(const char *text, apr_size_t len, apr_pool_t *pool)
{
    const char *timestamp, *again;
    int year, month, day, second, at = 0;

    (void)len;
    if (mcpr_instant_parse(text, &timestamp, pool) != APR_SUCCESS || strstr(timestamp, "infinity")) {
        return;
    }
    mcpr_fuzz_require(
        sscanf(timestamp, "%4d-%2d-%2d %*2d:%*2d:%2d.%*6d+00%n", &year, &month, &day, &second, &at) == 4);
    mcpr_fuzz_require(timestamp[at] == '\0' && month >= 1 && month <= 12 && day >= 1 && day <= 31 &&
                      second <= 59);
    /* The same instant in the form of requests says the same, apart from the first one, which means "none".
     */
    if (strcmp(timestamp, "0001-01-01 00:00:00.000000+00") == 0) {
        return;
    }
    again = apr_psprintf(pool, "%.10sT%.15sZ", timestamp, timestamp + 11);
    mcpr_fuzz_require(mcpr_instant_parse(again, &again, pool) == APR_SUCCESS);
    mcpr_fuzz_require(strcmp(timestamp, again) == 0);
}

void mcpr_fuzz_accept(const char *text, apr_size_t len, apr_pool_t *pool)
{
    int accepts = mcpr_accepts_gzip(text);

    (void)len;
    (void)pool;
    mcpr_fuzz_require(!accepts || text[strcspn(text, "gGxX*")]);
}
