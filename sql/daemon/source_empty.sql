-- The versions of a source that is going, in one sweep: the cascade would look up each entry's. Parameters: source.
DELETE FROM entry_version WHERE source_id = $1::integer
