-- Rows: name, type, made by, syncable, phase, message, consecutive failures, servers, skills, plugins, last start, last
-- end, last success, next due (RFC 3339; NULL: none), whether a sync was asked for, whether a worker has it now, what
-- that does (NULL: not known).
WITH locks AS MATERIALIZED (
        SELECT l.objid, l.pid
          FROM pg_locks l
         WHERE l.locktype = 'advisory' AND l.classid = 1835233394 AND l.objsubid = 2 AND l.granted
           AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
     )
SELECT s.name, s.source_type, s.creation_type, s.syncable, y.phase, y.message, y.attempt_count,
       y.server_count, y.skill_count, y.plugin_count,
       to_char(y.started_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(y.ended_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(y.last_success_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       to_char(CASE WHEN s.syncable THEN y.next_due_at END, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
       y.requested_at IS NOT NULL, w.pid IS NOT NULL, substring(a.application_name FROM '^thv-syncd: (.*)')
  FROM source s
  LEFT JOIN source_sync y ON y.source_id = s.id
  LEFT JOIN locks w ON w.objid = s.id::oid
  LEFT JOIN pg_stat_activity a ON a.pid = w.pid
 ORDER BY s.name
