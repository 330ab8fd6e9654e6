-- New entries, with ids from entry_ids.sql.
COPY entry (id, source_id, kind, namespace, name, claim_set_id, claims, alive, created_at, updated_at)
FROM STDIN (FORMAT binary)
