libmcpr_la_SOURCES += \
	common/config/auth.c \
	common/config/blocks.c \
	common/config/claims.c \
	common/config/config.c \
	common/config/config.h \
	common/config/conninfo.c \
	common/config/conninfo.h \
	common/config/duration.c \
	common/config/duration.h \
	common/config/environment.c \
	common/config/environment.h \
	common/config/file.c \
	common/config/file.h \
	common/config/json_text.c \
	common/config/keys.c \
	common/config/keys.h \
	common/config/load.h \
	common/config/node.c \
	common/config/node.h \
	common/config/read.c \
	common/config/registries.c \
	common/config/scalar.c \
	common/config/scalar.h \
	common/config/scope.c \
	common/config/shape.c \
	common/config/sources.c \
	common/config/url.c \
	common/config/url.h \
	common/config/yaml.c \
	common/config/yaml.h \
	common/config/yaml_tag.c

EXTRA_DIST += common/config/README.md
