-- An attempt that failed: hash and counts of the last good one stay.
-- Parameters: source, start, message, microseconds until the next try, consecutive failures, the request that it
-- serves (NULL: none).
UPDATE source_sync
   SET phase = 'failed', message = $3::text, started_at = $2::timestamptz, ended_at = clock_timestamp(),
       next_due_at = clock_timestamp() + $4::bigint * interval '1 microsecond', attempt_count = $5::bigint,
       requested_at = nullif(requested_at, $6::timestamptz)
 WHERE source_id = $1::integer
