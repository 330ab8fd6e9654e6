-- New versions, whole.
COPY entry_version (entry_id, source_id, claim_set_id, kind, status, is_latest, renderer, published_at, updated_at,
                    status_changed_at, content_hash, namespace, name, version, status_message, search_text,
                    official, document)
FROM STDIN (FORMAT binary)
