# Measurements: t/bench/run by hand, never in make check.
EXTRA_DIST += t/bench/README.md t/bench/run t/bench/generate.py t/bench/walk.py t/bench/sync.py t/bench/copy.sql
