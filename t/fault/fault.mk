# What happens when something breaks.
TESTS += t/fault/run
EXTRA_DIST += t/fault/README.md t/fault/run t/fault/conftest.py t/fault/load.py t/fault/test_postgres_lost.py t/fault/test_postgres_hangs.py \
	t/fault/test_large.py t/fault/test_never_stale.py t/fault/test_restarts.py \
	t/fault/test_daemon.py t/fault/test_daemon_rows.py \
	t/fault/test_connections.py
