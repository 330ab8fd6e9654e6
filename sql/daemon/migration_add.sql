-- A migration has run. Parameters: version, name, checksum.
INSERT INTO schema_migration (version, name, checksum) VALUES ($1::integer, $2::text, $3::text)
