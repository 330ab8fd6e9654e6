/*
 * The module record, for whoever needs its configuration or logs in its name.
 */
#ifndef MCPR_MODULE_H
#define MCPR_MODULE_H

#include <httpd.h>
#include <http_config.h>

extern module AP_MODULE_DECLARE_DATA mcp_registry_module;

#endif
