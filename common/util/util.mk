libmcpr_la_SOURCES += \
	common/util/problems.c \
	common/util/utf8.c
