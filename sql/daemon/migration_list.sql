-- Rows: version, name, checksum of what has run, oldest first.
SELECT version, name, checksum, to_char(applied_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
  FROM schema_migration
 ORDER BY version
