# The documents that describe the API, turned into C as SQL is: a binary carries what it serves.
OPENAPI_TEXTS = mod_mcp_registry/openapi/consumer.yaml mod_mcp_registry/openapi/server.yaml \
	mod_mcp_registry/openapi/root.html
OPENAPI_PARTS = mod_mcp_registry/openapi/parts/admin.yaml mod_mcp_registry/openapi/parts/components.yaml \
	mod_mcp_registry/openapi/parts/consumer.yaml mod_mcp_registry/openapi/parts/extensions.yaml \
	mod_mcp_registry/openapi/parts/older.yaml mod_mcp_registry/openapi/parts/server_schemas.yaml
EXTRA_DIST += mod_mcp_registry/openapi/README.md mod_mcp_registry/openapi/embed.awk $(OPENAPI_TEXTS) $(OPENAPI_PARTS)
BUILT_SOURCES += mod_mcp_registry/openapi/texts.c
CLEANFILES += mod_mcp_registry/openapi/texts.c

mod_mcp_registry/openapi/texts.c: $(OPENAPI_TEXTS) $(OPENAPI_PARTS) mod_mcp_registry/openapi/embed.awk
	$(AM_V_GEN)out=`pwd`/$@ && $(MKDIR_P) mod_mcp_registry/openapi && cd $(srcdir) && \
		$(AWK) -f mod_mcp_registry/openapi/embed.awk $(OPENAPI_TEXTS) > $$out
