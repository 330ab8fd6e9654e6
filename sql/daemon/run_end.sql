-- Once: a COMMIT of unknown outcome may have done it already. Parameters: run, outcome, added, changed, removed, bytes, message.
UPDATE sync_run
   SET outcome = $2::run_outcome, ended_at = clock_timestamp(), added = $3::bigint, changed = $4::bigint,
       removed = $5::bigint, bytes = $6::bigint, message = $7::text
 WHERE id = $1::bigint AND outcome = 'running'
