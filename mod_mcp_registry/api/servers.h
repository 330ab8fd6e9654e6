/*
 * The consumer API of servers (spec api-registry.md 4–8).
 */
#ifndef MCPR_API_SERVERS_H
#define MCPR_API_SERVERS_H

#include "mod_mcp_registry/http/request.h"
#include "mod_mcp_registry/store/catalog.h"

/** GET …/servers, …/versions and …/versions/{version} of one registry: the parameters come in that order. */
mcpr_handler mcpr_servers_list, mcpr_servers_versions, mcpr_servers_version;

/** The same for any scope; `first` is where the request's parameters of the server begin. */
int mcpr_servers_answer_list(mcpr_request *q, mcpr_scope scope);
int mcpr_servers_answer_versions(mcpr_request *q, mcpr_scope scope, int first);
int mcpr_servers_answer_version(mcpr_request *q, mcpr_scope scope, int first);

#endif
