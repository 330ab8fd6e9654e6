-- Says that a daemon is there, for as long as the session lasts: sync_progress.sql looks for it. See migration_lock.sql
-- for the keys.
SELECT pg_advisory_lock_shared(1835233395, 3)
