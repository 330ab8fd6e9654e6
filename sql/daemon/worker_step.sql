-- What a worker does now, as the name of its connection: seen in pg_stat_activity and by status_sources.sql, without a
-- transaction. Parameters: a few words. See source_unlock.sql for the end of it.
SELECT set_config('application_name', 'thv-syncd: ' || $1::text, false)
