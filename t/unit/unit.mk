# The unit tests: one Check program a topic, in folders that mirror the source tree. Each folder brings its
# fragment; MCPR_TEST_SRCDIR is where a test finds the files it reads, whatever the build directory is.
EXTRA_DIST += t/unit/unit.h
unit_cppflags = $(AM_CPPFLAGS) -DMCPR_TEST_SRCDIR='"$(abs_top_srcdir)"' \
	$(APR_CFLAGS) $(APU_CFLAGS) $(JANSSON_CFLAGS) $(CHECK_CFLAGS)
unit_ldadd = libmcpr.la $(CHECK_LIBS)

include $(srcdir)/t/unit/util/util.mk
include $(srcdir)/t/unit/config/config.mk
include $(srcdir)/t/unit/model/model.mk
include $(srcdir)/t/unit/policy/policy.mk
include $(srcdir)/t/unit/http/http.mk
include $(srcdir)/t/unit/openapi/openapi.mk
include $(srcdir)/t/unit/store/store.mk
include $(srcdir)/t/unit/syncd/syncd.mk
