if HAVE_CHECK
syncd_tests = t/unit/syncd/test_api t/unit/syncd/test_backoff t/unit/syncd/test_decide \
	t/unit/syncd/test_delays t/unit/syncd/test_diff t/unit/syncd/test_file t/unit/syncd/test_filter t/unit/syncd/test_git t/unit/syncd/test_glob t/unit/syncd/test_stored
check_PROGRAMS += $(syncd_tests)
TESTS += $(syncd_tests)
syncd_ldadd = libsyncd.la $(unit_ldadd)

t_unit_syncd_test_api_CPPFLAGS = $(unit_cppflags)
t_unit_syncd_test_api_LDADD = $(syncd_ldadd)
t_unit_syncd_test_backoff_CPPFLAGS = $(unit_cppflags)
t_unit_syncd_test_backoff_LDADD = $(syncd_ldadd)
t_unit_syncd_test_decide_CPPFLAGS = $(unit_cppflags)
t_unit_syncd_test_decide_LDADD = $(syncd_ldadd)
t_unit_syncd_test_delays_CPPFLAGS = $(unit_cppflags)
t_unit_syncd_test_delays_LDADD = $(syncd_ldadd)
t_unit_syncd_test_diff_CPPFLAGS = $(unit_cppflags)
t_unit_syncd_test_diff_LDADD = $(syncd_ldadd)
t_unit_syncd_test_file_CPPFLAGS = $(unit_cppflags)
t_unit_syncd_test_file_LDADD = $(syncd_ldadd)
t_unit_syncd_test_filter_CPPFLAGS = $(unit_cppflags)
t_unit_syncd_test_filter_LDADD = $(syncd_ldadd)
t_unit_syncd_test_git_CPPFLAGS = $(unit_cppflags)
t_unit_syncd_test_git_LDADD = $(syncd_ldadd)
t_unit_syncd_test_glob_CPPFLAGS = $(unit_cppflags)
t_unit_syncd_test_glob_LDADD = $(syncd_ldadd)
t_unit_syncd_test_stored_CPPFLAGS = $(unit_cppflags)
t_unit_syncd_test_stored_LDADD = $(syncd_ldadd)
endif
