-- Entries that have got or lost their last living version. Parameters: ids as an array's text, alive.
UPDATE entry SET alive = $2::boolean, updated_at = now() WHERE id = ANY ($1::bigint[])
