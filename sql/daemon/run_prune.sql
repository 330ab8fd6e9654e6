-- Keeps the last hundred. Parameters: source.
DELETE FROM sync_run
 WHERE source_id = $1::integer
   AND id <= (SELECT r.id FROM sync_run r WHERE r.source_id = $1::integer
               ORDER BY r.id DESC OFFSET 100 LIMIT 1)
