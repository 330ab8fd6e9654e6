/*
 * The strict rule of server names.
 */
#include "common/model/name.h"
#include <apr_strings.h>
#include <string.h>

#define MAX_BYTES 200

static int is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Alphanumeric at both ends, and these or one of `inner` between them. */
static int is_part(const char *part, apr_size_t len, const char *inner)
{
    for (apr_size_t i = 0; i < len; i++) {
        int is_edge = i == 0 || i == len - 1;
        if (!is_alphanumeric(part[i]) && (is_edge || strchr(inner, part[i]) == NULL)) {
            return 0;
        }
    }
    return len > 0;
}

const char *mcpr_server_name_complaint(const char *name, apr_pool_t *pool)
{
    const char *slash = strchr(name, '/');
    if (slash == NULL) {
        return "server name must be in format 'dns-namespace/name' (e.g., 'com.example.api/server')";
    }
    if (strchr(slash + 1, '/') != NULL) {
        return "server name must contain exactly one '/' separator";
    }
    apr_size_t namespace_len = (apr_size_t)(slash - name), name_len = strlen(slash + 1);
    if (namespace_len == 0) {
        return "namespace part cannot be empty";
    }
    if (name_len == 0) {
        return "name part cannot be empty";
    }
    if (namespace_len + 1 + name_len > MAX_BYTES) {
        return "server name exceeds maximum length of 200 characters";
    }
    if (!is_part(name, namespace_len, ".-")) {
        return apr_pstrcat(pool, "namespace '", apr_pstrmemdup(pool, name, namespace_len),
                           "' is invalid. Namespace must start and end with alphanumeric characters, and may "
                           "contain dots and hyphens in the middle",
                           NULL);
    }
    if (!is_part(slash + 1, name_len, "._-")) {
        return apr_pstrcat(
            pool, "name '", slash + 1,
            "' is invalid. Name must start and end with alphanumeric characters, and may contain "
            "dots, underscores, and hyphens in the middle",
            NULL);
    }
    return NULL;
}
