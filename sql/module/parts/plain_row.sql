-- The row w comes after the cursor, may be shown, and belongs to the source that owns its name. Rows of position 0 need
-- no look for a source that goes before them. The look is a scalar sub-select, not NOT EXISTS: the planner would hash
-- the whole table for the latter.
AND (w.name, w.namespace, w.version) > (p.name, '', p.version)
AND w.status <> 'deleted'
AND (p.visible IS NULL OR w.claim_set_id = ANY (p.visible))
AND (rs.position = 0
     OR (SELECT 1
           FROM registry_source os
           JOIN entry o ON o.source_id = os.source_id
          WHERE os.registry_id = rs.registry_id
            AND os.position < rs.position
            AND o.kind = 'server'
            AND o.name = w.name
            AND o.alive
            AND (p.visible IS NULL OR o.claim_set_id = ANY (p.visible))
          LIMIT 1) IS NULL)
