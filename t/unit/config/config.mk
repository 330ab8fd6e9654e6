EXTRA_DIST += t/unit/config/corpus t/unit/config/load_text.h

# Checks one file and prints what is wrong: for trying out, and for corpora with verdicts of their own.
check_PROGRAMS += t/unit/config/config_check
t_unit_config_config_check_CPPFLAGS = $(AM_CPPFLAGS) $(APR_CFLAGS) $(APU_CFLAGS) $(JANSSON_CFLAGS)
t_unit_config_config_check_LDADD = libmcpr.la

if HAVE_CHECK
config_tests = t/unit/config/test_conninfo t/unit/config/test_corpus t/unit/config/test_duration \
	t/unit/config/test_file t/unit/config/test_scalar t/unit/config/test_values
check_PROGRAMS += $(config_tests)
TESTS += $(config_tests)

t_unit_config_test_conninfo_CPPFLAGS = $(unit_cppflags) $(LIBPQ_CFLAGS)
t_unit_config_test_conninfo_LDADD = $(unit_ldadd) $(LIBPQ_LIBS)
t_unit_config_test_corpus_CPPFLAGS = $(unit_cppflags)
t_unit_config_test_corpus_LDADD = $(unit_ldadd)
t_unit_config_test_duration_CPPFLAGS = $(unit_cppflags)
t_unit_config_test_duration_LDADD = $(unit_ldadd)
t_unit_config_test_file_CPPFLAGS = $(unit_cppflags)
t_unit_config_test_file_LDADD = $(unit_ldadd)
t_unit_config_test_scalar_CPPFLAGS = $(unit_cppflags)
t_unit_config_test_scalar_LDADD = $(unit_ldadd)
t_unit_config_test_values_CPPFLAGS = $(unit_cppflags)
t_unit_config_test_values_LDADD = $(unit_ldadd)
endif
