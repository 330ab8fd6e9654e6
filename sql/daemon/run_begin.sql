-- A row of the history. Parameters: source, trigger, start. Rows: its id.
INSERT INTO sync_run (source_id, trigger, started_at)
SELECT s.id, $2::text, $3::timestamptz FROM source s WHERE s.id = $1::integer
RETURNING id
