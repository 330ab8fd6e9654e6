-- Entries that have no version left. Parameters: ids as an array's text.
DELETE FROM entry WHERE id = ANY ($1::bigint[])
