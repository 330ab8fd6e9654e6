-- All that is known before a check. Parameters: source, age at which tombstones go, in microseconds.
-- Rows: now, phase, message, start of the last attempt, consecutive failures, hash of data, hash of settings,
-- requested at, when the source's row last changed, whether tombstones have to go, whether it is due, whether the
-- history has a run that nobody ended, end of the last attempt.
-- Times are texts that find their way back as parameters.
SELECT now()::text, y.phase, y.message, y.started_at::text, y.attempt_count, y.data_hash, y.settings_hash,
       y.requested_at::text, s.updated_at::text,
       EXISTS (SELECT FROM entry_version v
                WHERE v.source_id = s.id
                  AND v.tombstoned_at < now() - $2::bigint * interval '1 microsecond'),
       y.requested_at IS NOT NULL OR y.phase = 'syncing' OR y.next_due_at <= now()
       OR s.syncable AND y.next_due_at IS NULL AND (s.sync_schedule IS NOT NULL OR y.ended_at IS NULL),
       EXISTS (SELECT FROM sync_run r WHERE r.source_id = s.id AND r.outcome = 'running'),
       y.ended_at::text
  FROM source s
  JOIN source_sync y ON y.source_id = s.id
 WHERE s.id = $1::integer AND (s.syncable OR s.source_type = 'file')
