if HAVE_CHECK
policy_tests = \
	t/unit/policy/test_access \
	t/unit/policy/test_canonical \
	t/unit/policy/test_check \
	t/unit/policy/test_equal \
	t/unit/policy/test_hostile \
	t/unit/policy/test_roles
check_PROGRAMS += $(policy_tests)
TESTS += $(policy_tests)
EXTRA_DIST += t/unit/policy/fixture.h

t_unit_policy_test_access_CPPFLAGS = $(unit_cppflags)
t_unit_policy_test_access_LDADD = $(unit_ldadd)
t_unit_policy_test_canonical_CPPFLAGS = $(unit_cppflags)
t_unit_policy_test_canonical_LDADD = $(unit_ldadd)
t_unit_policy_test_check_CPPFLAGS = $(unit_cppflags)
t_unit_policy_test_check_LDADD = $(unit_ldadd)
t_unit_policy_test_equal_CPPFLAGS = $(unit_cppflags)
t_unit_policy_test_equal_LDADD = $(unit_ldadd)
t_unit_policy_test_hostile_CPPFLAGS = $(unit_cppflags)
t_unit_policy_test_hostile_LDADD = $(unit_ldadd)
t_unit_policy_test_roles_CPPFLAGS = $(unit_cppflags)
t_unit_policy_test_roles_LDADD = $(unit_ldadd)
endif
