-- Somebody wants a sync: the daemons hear of it when this commits. Parameters: source's name.
-- Rows: source, when it was asked for; none when there is no such source or it is not synced.
WITH asked AS (
        UPDATE source_sync y
           SET requested_at = clock_timestamp()
          FROM source s
         WHERE s.name = $1::text AND s.syncable AND y.source_id = s.id
        RETURNING y.source_id, y.requested_at
     )
SELECT a.source_id, a.requested_at::text, pg_notify('mcpr_sync', $1::text) FROM asked a
