# Who may see and do what: pure functions over JSON.
libmcpr_la_SOURCES += common/policy/claims.c common/policy/claims.h
EXTRA_DIST += common/policy/README.md
