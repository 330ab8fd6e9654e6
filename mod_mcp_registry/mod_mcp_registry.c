/* mod_mcp_registry: the module record and its hooks, nothing else. */
