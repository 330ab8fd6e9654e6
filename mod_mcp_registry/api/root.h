/*
 * The page for humans at the mount itself.
 */
#ifndef MCPR_API_ROOT_H
#define MCPR_API_ROOT_H

#include "mod_mcp_registry/http/request.h"

/** GET /: what this is. */
mcpr_handler mcpr_root_page;

/** GET of the mount without its slash: a redirect to the page, whose links are relative. */
mcpr_handler mcpr_root_redirect;

#endif
