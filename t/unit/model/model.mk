if HAVE_CHECK
model_tests = \
	t/unit/model/test_bounds \
	t/unit/model/test_catalogs \
	t/unit/model/test_check \
	t/unit/model/test_feed \
	t/unit/model/test_json \
	t/unit/model/test_legacy \
	t/unit/model/test_patterns \
	t/unit/model/test_refusals \
	t/unit/model/test_server_list \
	t/unit/model/test_version \
	t/unit/model/test_words
check_PROGRAMS += $(model_tests)
TESTS += $(model_tests)
EXTRA_DIST += t/unit/model/feed_fixture.h

t_unit_model_test_bounds_CPPFLAGS = $(unit_cppflags)
t_unit_model_test_bounds_LDADD = $(unit_ldadd)
t_unit_model_test_catalogs_CPPFLAGS = $(unit_cppflags)
t_unit_model_test_catalogs_LDADD = $(unit_ldadd)
t_unit_model_test_check_CPPFLAGS = $(unit_cppflags)
t_unit_model_test_check_LDADD = $(unit_ldadd)
t_unit_model_test_feed_CPPFLAGS = $(unit_cppflags)
t_unit_model_test_feed_LDADD = $(unit_ldadd)
t_unit_model_test_json_CPPFLAGS = $(unit_cppflags)
t_unit_model_test_json_LDADD = $(unit_ldadd)
t_unit_model_test_legacy_CPPFLAGS = $(unit_cppflags)
t_unit_model_test_legacy_LDADD = $(unit_ldadd)
t_unit_model_test_patterns_CPPFLAGS = $(unit_cppflags)
t_unit_model_test_patterns_LDADD = $(unit_ldadd)
t_unit_model_test_refusals_CPPFLAGS = $(unit_cppflags)
t_unit_model_test_refusals_LDADD = $(unit_ldadd)
t_unit_model_test_server_list_CPPFLAGS = $(unit_cppflags)
t_unit_model_test_server_list_LDADD = $(unit_ldadd)
t_unit_model_test_version_CPPFLAGS = $(unit_cppflags)
t_unit_model_test_version_LDADD = $(unit_ldadd)
t_unit_model_test_words_CPPFLAGS = $(unit_cppflags)
t_unit_model_test_words_LDADD = $(unit_ldadd)
endif
