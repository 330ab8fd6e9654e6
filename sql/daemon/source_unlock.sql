-- See source_lock.sql and worker_step.sql.
SELECT pg_advisory_unlock(1835233394, $1::integer), set_config('application_name', 'thv-syncd', false)
