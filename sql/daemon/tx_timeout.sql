-- Another time limit for the statements of this transaction. Parameters: milliseconds, 0 for none.
SELECT set_config('statement_timeout', $1::text, true)
