-- A migration was undone. Parameters: version.
DELETE FROM schema_migration WHERE version = $1::integer
