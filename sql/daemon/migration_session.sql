-- A migration may take long, and its notices are for the log.
SELECT set_config('statement_timeout', '0', true), set_config('client_min_messages', 'notice', true)
