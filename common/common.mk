# libmcpr: what both programs know of documents, configuration and claims.
# No httpd, no socket, no SQL: its include path holds APR and the parsers, nothing else.
noinst_LTLIBRARIES += libmcpr.la
libmcpr_la_CPPFLAGS = $(AM_CPPFLAGS) $(APR_CFLAGS) $(APU_CFLAGS) $(JANSSON_CFLAGS) $(YAML_CFLAGS) $(ICU_CFLAGS) $(CRYPTO_CFLAGS)
libmcpr_la_LIBADD = $(APU_LIBS) $(APR_LIBS) $(JANSSON_LIBS) $(YAML_LIBS) $(ICU_LIBS) $(CRYPTO_LIBS)
libmcpr_la_SOURCES =
include $(srcdir)/common/util/util.mk
include $(srcdir)/common/config/config.mk
include $(srcdir)/common/model/model.mk
include $(srcdir)/common/policy/policy.mk
