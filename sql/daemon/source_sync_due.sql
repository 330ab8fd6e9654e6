-- A source whose settings changed is due at once. Parameters: source.
UPDATE source_sync SET next_due_at = NULL WHERE source_id = $1::integer AND next_due_at IS NOT NULL
