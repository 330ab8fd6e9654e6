-- A stop came in between: the row is as before the claim, and due at the next start.
-- Parameters: source, phase, message, start.
UPDATE source_sync
   SET phase = $2::sync_phase, message = $3::text, started_at = $4::timestamptz, next_due_at = NULL
 WHERE source_id = $1::integer
