-- See migration_lock.sql.
SELECT pg_advisory_unlock(1835233395, 1)
