-- One reconciliation at a time, over all daemons. See migration_lock.sql for the keys.
SELECT pg_advisory_xact_lock(1835233395, 2)
