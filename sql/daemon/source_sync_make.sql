-- The missing sync rows: a source that is synced starts as failed and due, one that is not as complete.
INSERT INTO source_sync (source_id, phase, message)
SELECT s.id,
       CASE WHEN s.syncable THEN 'failed' ELSE 'complete' END::sync_phase,
       CASE WHEN s.syncable THEN 'No previous sync status found'
            ELSE 'Non-synced source (type: ' || s.source_type || ')' END
  FROM source s
 WHERE NOT EXISTS (SELECT FROM source_sync y WHERE y.source_id = s.id)
ON CONFLICT (source_id) DO NOTHING
