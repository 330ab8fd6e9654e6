# What an installation starts from: examples beside the documentation, and the one file that virtual hosts include.
# Nothing is written to /etc.
examplesdir = $(docdir)/examples
dist_examples_DATA = conf/mcp_registry.conf conf/config.example.yaml conf/example-registry.json
nodist_examples_DATA = conf/mcp_registry.load conf/site.example.conf conf/thv-syncd.service
dist_pkgdata_DATA = conf/vhost-settings.conf

EXTRA_DIST += conf/README.md conf/mcp_registry.load.in conf/site.example.conf.in conf/thv-syncd.service.in
CLEANFILES += $(nodist_examples_DATA)

# Paths are known only to make: $(sbindir) may be given on its command line.
conf_edit = $(MKDIR_P) conf && $(SED) -e 's|@apache_libexecdir[@]|$(apache_libexecdir)|g' \
	-e 's|@pkgdatadir[@]|$(pkgdatadir)|g' -e 's|@sbindir[@]|$(sbindir)|g'

conf/mcp_registry.load: conf/mcp_registry.load.in Makefile
	$(AM_V_GEN)$(conf_edit) $(srcdir)/conf/mcp_registry.load.in > $@
conf/site.example.conf: conf/site.example.conf.in Makefile
	$(AM_V_GEN)$(conf_edit) $(srcdir)/conf/site.example.conf.in > $@
conf/thv-syncd.service: conf/thv-syncd.service.in Makefile
	$(AM_V_GEN)$(conf_edit) $(srcdir)/conf/thv-syncd.service.in > $@
