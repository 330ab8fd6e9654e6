# The suite under tools that watch memory (t/sanitize/README.md).
# The programs that run alone: unit tests and the fuzz corpus.
memory_tests = $(filter t/unit/% t/fuzz/%,$(TESTS))

# In a build with --enable-sanitizers; t/sanitize/run calls it.
check-memory:
	$(MAKE) check TESTS='$(memory_tests)'

if ENABLE_SANITIZERS
# Programs take pools.c in; what is not built here gets it by LD_PRELOAD.
check_LTLIBRARIES = t/sanitize/pools.la
t_sanitize_pools_la_SOURCES = t/sanitize/pools.c
t_sanitize_pools_la_CPPFLAGS = $(AM_CPPFLAGS) $(APR_CFLAGS)
t_sanitize_pools_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared -rpath /nowhere
t_sanitize_pools_la_LIBADD = $(APR_LIBS)
thv_syncd_thv_syncd_SOURCES += t/sanitize/pools.c
t_fuzz_replay_SOURCES += t/sanitize/pools.c
endif
if ENABLE_FUZZERS
t_fuzz_fuzzer_SOURCES += t/sanitize/pools.c
endif

check-sanitize:
	MCPR_BUILDDIR=$(abs_builddir) $(srcdir)/t/sanitize/run

check-valgrind:
	$(MAKE) check TESTS=
	$(srcdir)/t/sanitize/valgrind $(abs_builddir) $(memory_tests)

.PHONY: check-memory check-sanitize check-valgrind
EXTRA_DIST += t/sanitize/README.md t/sanitize/run t/sanitize/leaks.txt t/sanitize/pools.c \
	t/sanitize/valgrind
