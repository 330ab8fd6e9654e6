/*
 * The bodies that show servers, joined from rendered texts: nothing is parsed or escaped here.
 */
#ifndef MCPR_HTTP_SERVERS_BODY_H
#define MCPR_HTTP_SERVERS_BODY_H

#include "mod_mcp_registry/http/respond.h"

/** A list (spec api-registry.md 8); `paged` lists name the next cursor when there is more. In `pool`. */
void mcpr_servers_list_body(mcpr_body *body, const mcpr_servers *servers, int paged, apr_pool_t *pool);

/** One server. In `pool`. */
void mcpr_server_body(mcpr_body *body, const mcpr_servers *servers, apr_pool_t *pool);

#endif
