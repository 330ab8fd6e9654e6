# The module. libmcprhttp.la is what of it knows no httpd: the unit tests link it without a server.
noinst_LTLIBRARIES += libmcprhttp.la
libmcprhttp_la_CPPFLAGS = $(AM_CPPFLAGS) $(APR_CFLAGS) $(APU_CFLAGS) $(JANSSON_CFLAGS) $(LIBPQ_CFLAGS) $(XXHASH_CFLAGS)
libmcprhttp_la_LIBADD = libmcpr.la $(LIBPQ_LIBS) $(XXHASH_LIBS) $(ZLIB_LIBS)
libmcprhttp_la_SOURCES = \
	mod_mcp_registry/http/accept.c mod_mcp_registry/http/accept.h \
	mod_mcp_registry/http/cursor.c mod_mcp_registry/http/cursor.h \
	mod_mcp_registry/http/escape.c mod_mcp_registry/http/escape.h \
	mod_mcp_registry/http/gzip.c mod_mcp_registry/http/gzip.h \
	mod_mcp_registry/http/instant.c mod_mcp_registry/http/instant.h \
	mod_mcp_registry/http/names.c mod_mcp_registry/http/names.h \
	mod_mcp_registry/http/page.c mod_mcp_registry/http/page.h \
	mod_mcp_registry/http/params.c mod_mcp_registry/http/params.h \
	mod_mcp_registry/http/path.c mod_mcp_registry/http/path.h \
	mod_mcp_registry/openapi/documents.c mod_mcp_registry/openapi/documents.h \
	mod_mcp_registry/openapi/texts.h \
	mod_mcp_registry/store/answer.c mod_mcp_registry/store/answer.h \
	mod_mcp_registry/store/catalog.c mod_mcp_registry/store/catalog.h \
	mod_mcp_registry/store/generation.c mod_mcp_registry/store/generation.h \
	mod_mcp_registry/store/order.c mod_mcp_registry/store/order.h \
	mod_mcp_registry/store/page_bucket.c \
	mod_mcp_registry/store/page_cache.c mod_mcp_registry/store/page_cache.h \
	mod_mcp_registry/store/handle.c mod_mcp_registry/store/handle.h \
	mod_mcp_registry/store/pool.c mod_mcp_registry/store/pool.h \
	mod_mcp_registry/store/watcher.c mod_mcp_registry/store/watcher.h \
	sql/statement.h
nodist_libmcprhttp_la_SOURCES = mod_mcp_registry/openapi/texts.c \
	sql/migrations.c sql/module_sql.c sql/module_sql.h sql/watcher_sql.c sql/watcher_sql.h

apache_libexec_LTLIBRARIES = mod_mcp_registry.la
apache_libexecdir = @apache_libexecdir@
mod_mcp_registry_la_CPPFLAGS = $(libmcprhttp_la_CPPFLAGS) $(HTTPD_CPPFLAGS)
mod_mcp_registry_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -export-symbols-regex '^mcp_registry_module$$'
mod_mcp_registry_la_LIBADD = libmcprhttp.la
mod_mcp_registry_la_SOURCES = \
	mod_mcp_registry/mod_mcp_registry.c mod_mcp_registry/module.h \
	mod_mcp_registry/directives.c mod_mcp_registry/directives.h \
	mod_mcp_registry/instance.c mod_mcp_registry/instance.h \
	mod_mcp_registry/mounts.c mod_mcp_registry/mounts.h \
	mod_mcp_registry/router.c mod_mcp_registry/router.h \
	mod_mcp_registry/api/describe.c mod_mcp_registry/api/describe.h \
	mod_mcp_registry/api/older.c mod_mcp_registry/api/older.h \
	mod_mcp_registry/api/operations.c mod_mcp_registry/api/operations.h \
	mod_mcp_registry/api/probes.c mod_mcp_registry/api/probes.h \
	mod_mcp_registry/api/registry.c mod_mcp_registry/api/registry.h \
	mod_mcp_registry/api/root.c mod_mcp_registry/api/root.h \
	mod_mcp_registry/api/servers.c mod_mcp_registry/api/servers.h \
	mod_mcp_registry/api/status.c mod_mcp_registry/api/status.h \
	mod_mcp_registry/api/validate.c mod_mcp_registry/api/validate.h \
	mod_mcp_registry/http/cors.c mod_mcp_registry/http/cors.h \
	mod_mcp_registry/http/read_body.c mod_mcp_registry/http/read_body.h \
	mod_mcp_registry/http/request.h \
	mod_mcp_registry/http/respond.c mod_mcp_registry/http/respond.h \
	mod_mcp_registry/http/servers_body.c mod_mcp_registry/http/servers_body.h \
	mod_mcp_registry/log/access_line.c mod_mcp_registry/log/access_line.h \
	mod_mcp_registry/log/request_id.c mod_mcp_registry/log/request_id.h
EXTRA_DIST += mod_mcp_registry/README.md mod_mcp_registry/log/README.md mod_mcp_registry/store/README.md
include $(srcdir)/mod_mcp_registry/openapi/openapi.mk
