-- An attempt that did not fail. Parameters: source, start (NULL: keep the last), hash of data, hash of settings,
-- servers, skills, plugins, the request that it serves (NULL: none).
UPDATE source_sync y
   SET phase = 'complete', message = 'Sync completed successfully',
       started_at = coalesce($2::timestamptz, y.started_at), ended_at = clock_timestamp(),
       last_success_at = clock_timestamp(), next_due_at = clock_timestamp() + s.sync_schedule,
       attempt_count = 0, data_hash = $3::text, settings_hash = $4::text,
       server_count = $5::bigint, skill_count = $6::bigint, plugin_count = $7::bigint,
       requested_at = nullif(y.requested_at, $8::timestamptz)
  FROM source s
 WHERE y.source_id = $1::integer AND s.id = y.source_id
