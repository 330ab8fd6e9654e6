-- What is to be looked at now, oldest first. Parameters: whether to look at every source, due or not; ids of sources
-- to look at anyhow.
-- A file source that is not syncable holds its document itself: looked at when somebody asks, until it is in. One
-- without an interval is looked at once.
-- A row that says syncing may belong to a dead worker: its lock tells. Whose lock is held is told too, so that nobody
-- spends a worker on it; the lock itself decides.
-- Rows: id, name, type, whether it was made by the API, format, type block, filter, interval in microseconds (NULL:
-- never by time), when the row last changed, whether a worker has it.
WITH held AS MATERIALIZED (
        SELECT l.objid
          FROM pg_locks l
         WHERE l.locktype = 'advisory' AND l.classid = 1835233394 AND l.objsubid = 2 AND l.granted
           AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
     )
SELECT s.id, s.name, s.source_type, s.creation_type = 'API', s.format, s.source_config, s.filter_config,
       (extract(epoch FROM s.sync_schedule) * 1000000)::bigint, s.updated_at::text,
       EXISTS (SELECT FROM held h WHERE h.objid = s.id::oid)
  FROM source s
  JOIN source_sync y ON y.source_id = s.id
 WHERE (s.syncable OR s.source_type = 'file')
   AND (s.syncable AND ($1::boolean OR s.id = ANY ($2::bigint[]))
        OR y.requested_at IS NOT NULL
        OR y.phase = 'syncing'
        OR y.next_due_at <= now()
        OR s.syncable AND y.next_due_at IS NULL AND (s.sync_schedule IS NOT NULL OR y.ended_at IS NULL))
 ORDER BY y.ended_at NULLS FIRST, s.name
