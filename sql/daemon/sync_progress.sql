-- How far a request has come. Parameters: source, when it was asked for. Rows (none when the source is gone): whether a
-- daemon is there, whether a worker has the source, what it does now (NULL: not known), the outcome of the first run
-- since that served a request (NULL: none has ended), message, added, changed, removed, bytes, milliseconds; servers,
-- skills, plugins that the source has now.
WITH locks AS MATERIALIZED (
        SELECT l.classid, l.objid, l.pid
          FROM pg_locks l
         WHERE l.locktype = 'advisory' AND l.classid IN (1835233394, 1835233395) AND l.objsubid = 2 AND l.granted
           AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
     )
SELECT EXISTS (SELECT FROM locks l WHERE l.classid = 1835233395 AND l.objid = 3),
       w.pid IS NOT NULL, substring(a.application_name FROM '^thv-syncd: (.*)'),
       r.outcome, r.message, r.added, r.changed, r.removed, r.bytes,
       (extract(epoch FROM r.ended_at - r.started_at) * 1000)::bigint,
       y.server_count, y.skill_count, y.plugin_count
  FROM source_sync y
  LEFT JOIN locks w ON w.classid = 1835233394 AND w.objid = y.source_id::oid
  LEFT JOIN pg_stat_activity a ON a.pid = w.pid
  LEFT JOIN LATERAL (SELECT *
                       FROM sync_run x
                      WHERE x.source_id = y.source_id AND x.trigger = 'request' AND x.started_at >= $2::timestamptz
                        AND x.outcome IN ('changed', 'unchanged', 'failed')
                      ORDER BY x.id LIMIT 1) r ON true
 WHERE y.source_id = $1::integer
