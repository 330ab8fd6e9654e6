libmcpr_la_SOURCES += \
	common/util/attributes.h \
	common/util/build_info.c common/util/build_info.h \
	common/util/clock.c common/util/clock.h \
	common/util/digest.c common/util/digest.h \
	common/util/fold.c common/util/fold.h \
	common/util/problems.c common/util/problems.h \
	common/util/utf8.c common/util/utf8.h

EXTRA_DIST += common/util/README.md
