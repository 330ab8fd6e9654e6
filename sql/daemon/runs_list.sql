-- The history of a source, newest first. Parameters: its name.
-- Rows: run, trigger, outcome, start, end (RFC 3339; NULL: it runs), milliseconds, added, changed, removed, bytes, message.
SELECT r.id, r.trigger, r.outcome,
       to_char(r.started_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), to_char(r.ended_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       (extract(epoch FROM r.ended_at - r.started_at) * 1000)::bigint, r.added, r.changed, r.removed, r.bytes, r.message
  FROM sync_run r
  JOIN source s ON s.id = r.source_id
 WHERE s.name = $1::text
 ORDER BY r.id DESC
