-- Merges what is staged. Parameters: which half, the versions that are latest or those that are not; the latter go
-- first, since an entry has one latest version at any time.
UPDATE entry_version v
   SET status = s.status, status_message = s.status_message, is_latest = s.is_latest, renderer = s.renderer,
       updated_at = s.updated_at, status_changed_at = s.status_changed_at, tombstoned_at = s.tombstoned_at,
       content_hash = coalesce(s.content_hash, v.content_hash),
       search_text = coalesce(s.search_text, v.search_text),
       official = s.official, document = coalesce(s.document, v.document)
  FROM stage_version s
 WHERE v.id = s.id AND s.is_latest = $1::boolean
