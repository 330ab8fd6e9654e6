# Who may see and do what: pure functions over JSON.
libmcpr_la_SOURCES += \
	common/policy/access.c common/policy/access.h \
	common/policy/canonical.c \
	common/policy/check.c common/policy/check.h \
	common/policy/claims.c common/policy/claims.h \
	common/policy/match.h \
	common/policy/roles.c common/policy/roles.h
EXTRA_DIST += common/policy/README.md
