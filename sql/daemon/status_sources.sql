-- Rows: name, type, made by, syncable, phase, message, consecutive failures, servers, skills, plugins, last start, last
-- end, last success, next due (RFC 3339; NULL: none), whether a sync was asked for.
SELECT s.name, s.source_type, s.creation_type, s.syncable, y.phase, y.message, y.attempt_count,
       y.server_count, y.skill_count, y.plugin_count,
       to_char(y.started_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(y.ended_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(y.last_success_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(CASE WHEN s.syncable THEN y.next_due_at END, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       y.requested_at IS NOT NULL
  FROM source s
  LEFT JOIN source_sync y ON y.source_id = s.id
 ORDER BY s.name
