-- Something is going to be written. Parameters: source, start of the attempt.
UPDATE source_sync SET phase = 'syncing', started_at = $2::timestamptz WHERE source_id = $1::integer
