-- The schema's version: the number of the last migration that ran.
SELECT coalesce(max(version), 0) FROM schema_migration
