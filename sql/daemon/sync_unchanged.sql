-- A check that found nothing new. A row that had failed is complete again, with what it kept.
-- Parameters: source, the request that it serves (NULL: none).
UPDATE source_sync y
   SET phase = 'complete',
       message = CASE WHEN y.phase = 'complete' THEN y.message ELSE 'Sync completed successfully' END,
       ended_at = clock_timestamp(), last_success_at = clock_timestamp(),
       next_due_at = clock_timestamp() + s.sync_schedule, attempt_count = 0,
       requested_at = nullif(y.requested_at, $2::timestamptz)
  FROM source s
 WHERE y.source_id = $1::integer AND s.id = y.source_id
