# Parts of the module that know no httpd.
if HAVE_CHECK
http_tests = t/unit/http/test_coding t/unit/http/test_params t/unit/http/test_path 
check_PROGRAMS += $(http_tests)
TESTS += $(http_tests)
t_unit_http_test_coding_SOURCES = t/unit/http/test_coding.c
t_unit_http_test_coding_CPPFLAGS = $(unit_cppflags) $(LIBPQ_CFLAGS)
t_unit_http_test_coding_LDADD = libmcprhttp.la $(unit_ldadd) $(ZLIB_LIBS)
t_unit_http_test_params_SOURCES = t/unit/http/test_params.c
t_unit_http_test_params_CPPFLAGS = $(unit_cppflags) $(LIBPQ_CFLAGS)
t_unit_http_test_params_LDADD = libmcprhttp.la $(unit_ldadd) $(ZLIB_LIBS)
t_unit_http_test_path_SOURCES = t/unit/http/test_path.c
t_unit_http_test_path_CPPFLAGS = $(unit_cppflags) $(LIBPQ_CFLAGS)
t_unit_http_test_path_LDADD = libmcprhttp.la $(unit_ldadd) $(ZLIB_LIBS)
endif
