if HAVE_CHECK
util_tests = t/unit/util/test_digest t/unit/util/test_fold t/unit/util/test_problems t/unit/util/test_utf8
check_PROGRAMS += $(util_tests)
TESTS += $(util_tests)

t_unit_util_test_digest_CPPFLAGS = $(unit_cppflags)
t_unit_util_test_digest_LDADD = $(unit_ldadd)
t_unit_util_test_fold_CPPFLAGS = $(unit_cppflags)
t_unit_util_test_fold_LDADD = $(unit_ldadd)
t_unit_util_test_problems_CPPFLAGS = $(unit_cppflags)
t_unit_util_test_problems_LDADD = $(unit_ldadd)
t_unit_util_test_utf8_CPPFLAGS = $(unit_cppflags)
t_unit_util_test_utf8_LDADD = $(unit_ldadd)
endif
