-- Tombstones that are old enough. Parameters: ids as an array's text.
DELETE FROM entry_version WHERE id = ANY ($1::bigint[])
