-- See source_lock.sql.
SELECT pg_advisory_unlock(1835233394, $1::integer)
