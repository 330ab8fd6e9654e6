# The documents that describe the API.
if HAVE_CHECK
check_PROGRAMS += t/unit/openapi/test_documents
TESTS += t/unit/openapi/test_documents
t_unit_openapi_test_documents_SOURCES = t/unit/openapi/test_documents.c
t_unit_openapi_test_documents_CPPFLAGS = $(unit_cppflags) $(LIBPQ_CFLAGS)
t_unit_openapi_test_documents_LDADD = libmcprhttp.la $(unit_ldadd) $(ZLIB_LIBS)
endif
