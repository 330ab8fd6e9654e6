/*
 * Request targets, and the names in them.
 */
#include "common/util/utf8.h"
#include "mod_mcp_registry/http/names.h"
#include "mod_mcp_registry/http/path.h"
#include "t/fuzz/fuzz.h"
#include <string.h>

/* A name that was taken can be sent to PostgreSQL and found in no other spelling. */
static void require_name(const char *complaint, const char *name)
{
    mcpr_fuzz_require(complaint || (name && *name));
    mcpr_fuzz_require(complaint || mcpr_utf8_valid(name, strlen(name)));
    mcpr_fuzz_require(complaint || !strpbrk(name, " \t\r\n"));
}

void mcpr_fuzz_path(const char *text, apr_size_t len, apr_pool_t *pool)
{
    mcpr_path path;
    apr_size_t sum = 0;

    if (mcpr_path_parse(&path, text, pool) != APR_SUCCESS) {
        return;
    }
    mcpr_fuzz_require(path.count >= 1);
    for (int i = 0; i < path.count; i++) {
        const mcpr_segment *segment = &path.segments[i];
        const char *name = NULL, *complaint;

        sum += segment->len + 1;
        mcpr_fuzz_require(segment->text[segment->len] == '\0');
        complaint = mcpr_registry_name_read(&name, segment, pool);
        require_name(complaint, name);
        complaint = mcpr_server_name_read(&name, &path, segment, pool);
        require_name(complaint, name);
        complaint = mcpr_version_read(&name, &path, segment, pool);
        require_name(complaint, name);
    }
    mcpr_fuzz_require(sum <= len);
}
