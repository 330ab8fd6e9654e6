-- Claims a source for this session; PostgreSQL gives it back when the session ends, however it ends.
-- Parameters: source.
SELECT pg_try_advisory_lock(1835233394, $1::integer)
