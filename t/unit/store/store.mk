# Parts of the module that know no httpd.
if HAVE_CHECK
store_tests = t/unit/store/test_generation t/unit/store/test_page_cache 
check_PROGRAMS += $(store_tests)
TESTS += $(store_tests)
t_unit_store_test_generation_SOURCES = t/unit/store/test_generation.c
t_unit_store_test_generation_CPPFLAGS = $(unit_cppflags) $(LIBPQ_CFLAGS)
t_unit_store_test_generation_LDADD = libmcprhttp.la $(unit_ldadd) $(ZLIB_LIBS)
t_unit_store_test_page_cache_SOURCES = t/unit/store/test_page_cache.c
t_unit_store_test_page_cache_CPPFLAGS = $(unit_cppflags) $(LIBPQ_CFLAGS)
t_unit_store_test_page_cache_LDADD = libmcprhttp.la $(unit_ldadd) $(ZLIB_LIBS)
endif
