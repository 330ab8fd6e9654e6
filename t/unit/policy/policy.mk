if HAVE_CHECK
policy_tests = t/unit/policy/test_claims
check_PROGRAMS += $(policy_tests)
TESTS += $(policy_tests)

t_unit_policy_test_claims_CPPFLAGS = $(unit_cppflags)
t_unit_policy_test_claims_LDADD = $(unit_ldadd)
endif
