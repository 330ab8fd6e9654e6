libmcpr_la_SOURCES += \
	common/util/digest.c common/util/digest.h \
	common/util/fold.c common/util/fold.h \
	common/util/problems.c \
	common/util/utf8.c
