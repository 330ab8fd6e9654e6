SQL_WATCHER = \
	sql/watcher/watch_listen.sql \
	sql/watcher/watch_number.sql
