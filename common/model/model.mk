# Documents: words, names, versions, the two file formats, rendering.
libmcpr_la_SOURCES += \
	common/model/model.c common/model/model.h \
	common/model/name.c common/model/name.h \
	common/model/response.c common/model/response.h \
	common/model/version.c common/model/version.h
# JSON: the strict scanner, trees that keep numbers, places.
libmcpr_la_SOURCES += \
	common/model/json_number.c common/model/json_number.h \
	common/model/json_scan.c common/model/json_scan.h common/model/json_walk.c \
	common/model/json_text.c common/model/json_text.h \
	common/model/place.c common/model/place.h
# Checks: formats, patterns, the walk, and the rows.
libmcpr_la_SOURCES += \
	common/model/check.c common/model/check.h \
	common/model/formats.c common/model/formats.h \
	common/model/patterns.c common/model/patterns.h \
	common/model/shape.c common/model/shape.h common/model/rules.h \
	common/model/server_rules.c common/model/publisher_rules.c \
	common/model/skill_rules.c common/model/legacy_rules.c
# Feeds, conversion, rendering.
libmcpr_la_SOURCES += \
	common/model/feed.c common/model/feed.h common/model/feed_reader.h \
	common/model/feed_upstream.c common/model/feed_toolhive.c common/model/feed_list.c \
	common/model/legacy.h common/model/legacy_convert.c common/model/legacy_export.c \
	common/model/mapping.c common/model/mapping.h \
	common/model/render.c common/model/render.h \
	common/model/server_list.c common/model/server_list.h
libmcpr_la_LIBADD += -lm
EXTRA_DIST += common/model/README.md
