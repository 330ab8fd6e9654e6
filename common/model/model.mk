# Documents: words, names, versions, the two file formats, rendering.
libmcpr_la_SOURCES += \
	common/model/model.c common/model/model.h \
	common/model/name.c common/model/name.h \
	common/model/response.c common/model/response.h \
	common/model/version.c common/model/version.h \
	common/model/feed.h
EXTRA_DIST += common/model/README.md
