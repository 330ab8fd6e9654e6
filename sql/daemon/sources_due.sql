-- What is to be looked at now, oldest first. Parameters: whether to look at every source, due or not.
-- A row that says syncing may belong to a dead worker: its lock tells.
-- Rows: id, name, type, whether it was made by the API.
SELECT s.id, s.name, s.source_type, s.creation_type = 'API'
  FROM source s
  JOIN source_sync y ON y.source_id = s.id
 WHERE s.syncable
   AND ($1::boolean
        OR y.requested_at IS NOT NULL
        OR y.phase = 'syncing'
        OR y.next_due_at IS NULL
        OR y.next_due_at <= now())
 ORDER BY y.ended_at NULLS FIRST, s.name
