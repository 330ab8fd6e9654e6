# The daemon. What needs no database is a library of its own, so that unit tests can link it.
sbin_PROGRAMS += thv-syncd/thv-syncd
noinst_LTLIBRARIES += libsyncd.la
syncd_cppflags = $(AM_CPPFLAGS) $(APR_CFLAGS) $(APU_CFLAGS) $(JANSSON_CFLAGS) $(CURL_CFLAGS) $(LIBGIT2_CFLAGS) $(LIBPQ_CFLAGS) $(SYSTEMD_CFLAGS)

libsyncd_la_CPPFLAGS = $(syncd_cppflags)
libsyncd_la_LIBADD = libmcpr.la $(CURL_LIBS)
libsyncd_la_SOURCES = \
	thv-syncd/log.c thv-syncd/log.h \
	thv-syncd/status.h \
	thv-syncd/sources/source.c thv-syncd/sources/source.h \
	thv-syncd/sources/api.c \
	thv-syncd/sources/api_pages.c thv-syncd/sources/api_pages.h \
	thv-syncd/sources/api_probe.c thv-syncd/sources/api_probe.h \
	thv-syncd/sources/buffer.c thv-syncd/sources/buffer.h \
	thv-syncd/sources/file.c \
	thv-syncd/sources/git.c \
	thv-syncd/sources/git_cache.c thv-syncd/sources/git_cache.h \
	thv-syncd/sources/git_process.c thv-syncd/sources/git_process.h \
	thv-syncd/sources/git_request.c thv-syncd/sources/git_request.h \
	thv-syncd/sources/git_url.c thv-syncd/sources/git_url.h \
	thv-syncd/sources/http.c thv-syncd/sources/http.h \
	thv-syncd/sources/http_exchange.c thv-syncd/sources/http_exchange.h \
	thv-syncd/sources/secret_file.c thv-syncd/sources/secret_file.h \
	thv-syncd/sources/url.c thv-syncd/sources/url.h \
	thv-syncd/sources/url_memo.c thv-syncd/sources/url_memo.h \
	thv-syncd/sources/managed.c \
	thv-syncd/sync/backoff.c thv-syncd/sync/backoff.h \
	thv-syncd/sync/decide.c thv-syncd/sync/decide.h \
	thv-syncd/sync/delays.c thv-syncd/sync/delays.h \
	thv-syncd/sync/diff.c thv-syncd/sync/diff.h \
	thv-syncd/sync/filter.c thv-syncd/sync/filter.h \
	thv-syncd/sync/glob.c thv-syncd/sync/glob.h \
	thv-syncd/sync/stored.c thv-syncd/sync/stored.h

thv_syncd_thv_syncd_CPPFLAGS = $(syncd_cppflags)
thv_syncd_thv_syncd_LDADD = libsyncd.la libmcpr.la $(LIBPQ_LIBS) $(CURL_LIBS) $(LIBGIT2_LIBS) $(SYSTEMD_LIBS) $(JANSSON_LIBS) $(APU_LIBS) $(APR_LIBS)
thv_syncd_thv_syncd_SOURCES = \
	thv-syncd/main.c \
	thv-syncd/notify.c thv-syncd/notify.h \
	thv-syncd/settings.c thv-syncd/settings.h \
	thv-syncd/signals.c thv-syncd/signals.h \
	thv-syncd/commands/command.c thv-syncd/commands/command.h \
	thv-syncd/commands/git_child.c \
	thv-syncd/commands/migrate.c \
	thv-syncd/commands/prime_db.c \
	thv-syncd/commands/run.c \
	thv-syncd/commands/status.c \
	thv-syncd/commands/sync.c \
	thv-syncd/commands/validate.c \
	thv-syncd/commands/version.c \
	thv-syncd/sources/git_child.c thv-syncd/sources/git_child.h \
	thv-syncd/sources/git_http.c thv-syncd/sources/git_http.h \
	thv-syncd/sources/git_local.c \
	thv-syncd/sources/git_remote.c \
	thv-syncd/sources/git_tree.c \
	thv-syncd/sources/git_work.h \
	thv-syncd/store/aside.c thv-syncd/store/aside.h \
	thv-syncd/store/connect.c \
	thv-syncd/store/connection.c thv-syncd/store/connection.h thv-syncd/store/connection_int.h \
	thv-syncd/store/copy.c thv-syncd/store/copy.h \
	thv-syncd/store/migrations.c thv-syncd/store/migrations.h \
	thv-syncd/store/schema.c thv-syncd/store/schema.h \
	thv-syncd/store/statement.c \
	thv-syncd/sync/attempt.c \
	thv-syncd/sync/compare.c thv-syncd/sync/compare.h \
	thv-syncd/sync/conclude.c \
	thv-syncd/sync/coordinator.c thv-syncd/sync/coordinator.h \
	thv-syncd/sync/reconcile.c thv-syncd/sync/reconcile.h \
	thv-syncd/sync/record.c \
	thv-syncd/sync/result.c thv-syncd/sync/result.h \
	thv-syncd/sync/rounds.c thv-syncd/sync/rounds.h \
	thv-syncd/sync/worker.c thv-syncd/sync/worker.h thv-syncd/sync/worker_int.h \
	thv-syncd/sync/worker_pool.c thv-syncd/sync/worker_pool.h \
	thv-syncd/sync/writer.c thv-syncd/sync/writer.h
nodist_thv_syncd_thv_syncd_SOURCES = sql/migrations.c sql/daemon_sql.c sql/daemon_sql.h
EXTRA_DIST += thv-syncd/README.md thv-syncd/commands/README.md thv-syncd/sources/README.md \
	thv-syncd/store/README.md thv-syncd/sync/README.md
