# Fuzz targets (t/fuzz/README.md): replayed from their kept corpus in make check; with --enable-fuzzers, which needs
# clang, also a libFuzzer program. The list of targets is in targets.c, and nowhere else.
fuzz_sources = t/fuzz/fuzz.h t/fuzz/targets.c t/fuzz/fuzz_config.c t/fuzz/fuzz_documents.c t/fuzz/fuzz_glob.c \
	t/fuzz/fuzz_params.c t/fuzz/fuzz_path.c
fuzz_cppflags = $(AM_CPPFLAGS) -DMCPR_TEST_SRCDIR='"$(abs_top_srcdir)"' $(APR_CFLAGS) $(APU_CFLAGS) $(JANSSON_CFLAGS)
fuzz_ldadd = libmcprhttp.la libsyncd.la libmcpr.la

check_PROGRAMS += t/fuzz/replay
TESTS += t/fuzz/replay
t_fuzz_replay_SOURCES = t/fuzz/replay.c $(fuzz_sources)
t_fuzz_replay_CPPFLAGS = $(fuzz_cppflags)
t_fuzz_replay_LDADD = $(fuzz_ldadd)

if ENABLE_FUZZERS
noinst_PROGRAMS = t/fuzz/fuzzer
t_fuzz_fuzzer_SOURCES = t/fuzz/fuzzer.c $(fuzz_sources)
t_fuzz_fuzzer_CPPFLAGS = $(fuzz_cppflags)
t_fuzz_fuzzer_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
t_fuzz_fuzzer_LDADD = $(fuzz_ldadd)

# What t/fuzz/run builds: the programs alone, in a build directory with nothing else in it.
fuzz-programs: $(BUILT_SOURCES)
	$(MAKE) t/fuzz/fuzzer t/fuzz/replay
endif

EXTRA_DIST += t/fuzz/README.md t/fuzz/run t/fuzz/dictionaries t/fuzz/corpus

# Each target for MCPR_FUZZ_SECONDS on the processors that there are.
MCPR_FUZZ_SECONDS = 60
check-fuzz:
	MCPR_BUILDDIR=$(abs_builddir) $(srcdir)/t/fuzz/run $(MCPR_FUZZ_SECONDS)
.PHONY: check-fuzz fuzz-programs
