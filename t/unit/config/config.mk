check_PROGRAMS += t/unit/config/config_check
t_unit_config_config_check_SOURCES = t/unit/config/config_check.c
t_unit_config_config_check_CPPFLAGS = $(AM_CPPFLAGS) $(APR_CFLAGS) $(APU_CFLAGS) $(JANSSON_CFLAGS)
t_unit_config_config_check_LDADD = libmcpr.la
