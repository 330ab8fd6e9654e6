-- What a source has, narrow; an entry without versions (there should be none) has NULLs. Parameters: source, age at which tombstones go, in microseconds.
-- Rows: entry, alive, kind, namespace, name, id, version, hash (hexadecimal), status, status message, latest,
-- renderer, published, status changed, updated, tombstoned (microseconds, 0: not), whether the tombstone has to go.
SELECT e.id, e.alive, e.kind, e.namespace, e.name, v.id, v.version, encode(v.content_hash, 'hex'), v.status,
       v.status_message, v.is_latest, v.renderer,
       (extract(epoch FROM v.published_at) * 1000000)::bigint,
       (extract(epoch FROM v.status_changed_at) * 1000000)::bigint,
       (extract(epoch FROM v.updated_at) * 1000000)::bigint,
       coalesce((extract(epoch FROM v.tombstoned_at) * 1000000)::bigint, 0),
       coalesce(v.tombstoned_at < now() - $2::bigint * interval '1 microsecond', false)
  FROM entry e
  LEFT JOIN entry_version v ON v.entry_id = e.id
 WHERE e.source_id = $1::integer
