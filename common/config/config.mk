libmcpr_la_SOURCES += \
	common/config/auth.c \
	common/config/blocks.c \
	common/config/claims.c \
	common/config/config.c \
	common/config/conninfo.c \
	common/config/duration.c \
	common/config/environment.c \
	common/config/file.c \
	common/config/json_text.c \
	common/config/keys.c \
	common/config/node.c \
	common/config/read.c \
	common/config/registries.c \
	common/config/scalar.c \
	common/config/scope.c \
	common/config/shape.c \
	common/config/sources.c \
	common/config/url.c \
	common/config/yaml.c
