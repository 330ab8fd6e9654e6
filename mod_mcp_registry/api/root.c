/* The root page. */
#include "mod_mcp_registry/api/root.h"

#include "mod_mcp_registry/http/respond.h"
#include "mod_mcp_registry/openapi/documents.h"
#include <apr_strings.h>
#include <string.h>

/* The page has a style of its own and nothing else, and nothing is to be brought into it. */
#define POLICY "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"

int mcpr_root_page(mcpr_request *q)
{
    apr_table_setn(q->r->headers_out, "Content-Security-Policy", POLICY);
    return mcpr_respond_document(q, &q->instance->documents->root);
}

int mcpr_root_redirect(mcpr_request *q)
{
    const char *path = q->path.count ? q->path.segments[q->path.count - 1].text : "";
    /* Relative to the address of the request: the last segment with a slash behind it. */
    apr_table_setn(q->r->headers_out, "Location",
                   apr_pstrcat(q->r->pool, "./", ap_os_escape_path(q->r->pool, path, 0), "/", NULL));
    return HTTP_MOVED_PERMANENTLY;
}
