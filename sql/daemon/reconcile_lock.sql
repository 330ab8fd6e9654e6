-- One reconciliation at a time, over all daemons. See migration_lock.sql for the keys. The loop that waits for it has other
-- things to do: what cannot be had soon is tried again later.
SELECT pg_advisory_xact_lock(1835233395, 2) FROM set_config('lock_timeout', '2s', true)
