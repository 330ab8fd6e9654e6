-- A row of the history. Parameters: source, trigger, start. Rows: its id.
-- Whoever begins one holds the source and has ended what others left: one that runs is its own, of a COMMIT whose
-- outcome it has not heard.
WITH mine AS (
        SELECT r.id FROM sync_run r WHERE r.source_id = $1::integer AND r.outcome = 'running' ORDER BY r.id DESC LIMIT 1
     ), made AS (
        INSERT INTO sync_run (source_id, trigger, started_at)
        SELECT s.id, $2::text, $3::timestamptz FROM source s WHERE s.id = $1::integer AND NOT EXISTS (SELECT FROM mine)
        RETURNING id
     )
SELECT id FROM mine UNION ALL SELECT id FROM made
