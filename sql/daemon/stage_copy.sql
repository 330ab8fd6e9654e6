-- Changes of stored versions.
COPY stage_version (id, status, status_message, is_latest, renderer, updated_at, status_changed_at, tombstoned_at,
                    content_hash, search_text, official, document)
FROM STDIN (FORMAT binary)
