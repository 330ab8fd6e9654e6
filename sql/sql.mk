# SQL lives here, as files; the build turns it into C, so that a binary carries what it runs.
# List a statement here when you add its file. Order in the down/up pairs matters: up first.
SQL_MIGRATIONS = \
	sql/schema/0001_catalog.up.sql sql/schema/0001_catalog.down.sql
SQL_MODULE =
SQL_DAEMON =
include $(srcdir)/sql/module/module.mk
include $(srcdir)/sql/daemon/daemon.mk
include $(srcdir)/sql/watcher/watcher.mk

EXTRA_DIST += sql/embed.awk sql/README.md $(SQL_MIGRATIONS) $(SQL_MODULE) $(SQL_MODULE_PARTS) \
	$(SQL_DAEMON) $(SQL_WATCHER)
SQL_GENERATED = sql/migrations.c sql/daemon_sql.c sql/daemon_sql.h sql/module_sql.c sql/module_sql.h \
	sql/watcher_sql.c sql/watcher_sql.h
BUILT_SOURCES += $(SQL_GENERATED)
CLEANFILES += $(SQL_GENERATED)
EMBED = $(MKDIR_P) sql && cd $(srcdir) && $(AWK) -f sql/embed.awk

sql/migrations.c: $(SQL_MIGRATIONS) sql/embed.awk
	$(AM_V_GEN)out=`pwd`/$@ && $(EMBED) -v mode=migrations $(SQL_MIGRATIONS) > $$out
sql/daemon_sql.c: $(SQL_DAEMON) sql/embed.awk sql/daemon/daemon.mk
	$(AM_V_GEN)out=`pwd`/$@ && $(EMBED) -v mode=statements -v set=daemon $(SQL_DAEMON) > $$out
sql/daemon_sql.h: $(SQL_DAEMON) sql/embed.awk sql/daemon/daemon.mk
	$(AM_V_GEN)out=`pwd`/$@ && $(EMBED) -v mode=header -v set=daemon $(SQL_DAEMON) > $$out
sql/module_sql.c: $(SQL_MODULE) $(SQL_MODULE_PARTS) sql/embed.awk sql/module/module.mk
	$(AM_V_GEN)out=`pwd`/$@ && $(EMBED) -v mode=statements -v set=module $(SQL_MODULE) > $$out
sql/module_sql.h: $(SQL_MODULE) sql/embed.awk sql/module/module.mk
	$(AM_V_GEN)out=`pwd`/$@ && $(EMBED) -v mode=header -v set=module $(SQL_MODULE) > $$out
sql/watcher_sql.c: $(SQL_WATCHER) sql/embed.awk sql/watcher/watcher.mk
	$(AM_V_GEN)out=`pwd`/$@ && $(EMBED) -v mode=statements -v set=watcher $(SQL_WATCHER) > $$out
sql/watcher_sql.h: $(SQL_WATCHER) sql/embed.awk sql/watcher/watcher.mk
	$(AM_V_GEN)out=`pwd`/$@ && $(EMBED) -v mode=header -v set=watcher $(SQL_WATCHER) > $$out
