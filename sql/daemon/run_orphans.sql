-- Runs of a worker that died: their source's lock could be had. Parameters: source.
UPDATE sync_run
   SET outcome = 'interrupted', ended_at = clock_timestamp(), message = 'the worker died'
 WHERE source_id = $1::integer AND outcome = 'running'
