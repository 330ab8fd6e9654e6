-- The row w comes after the cursor, passes the filters of p, and belongs to the source that owns its name. Where there is
-- one source only, nobody else can.
AND w.kind = 'server'
AND (w.name, w.namespace, w.version) > (p.name, '', p.version)
AND (w.status <> 'deleted' OR p.deleted)
AND (p.only_version IS NULL OR w.version = p.only_version)
AND (w.is_latest OR NOT p.latest)
AND (p.since IS NULL OR w.updated_at > p.since)
AND (p.visible IS NULL OR w.claim_set_id = ANY (p.visible))
AND (s.sources = 1 OR w.source_id = (
     SELECT o.source_id
       FROM scope os
       JOIN entry o ON o.source_id = os.source_id
      WHERE o.kind = 'server'
        AND o.name = w.name
        AND (o.alive OR p.deleted)
        AND (p.visible IS NULL OR o.claim_set_id = ANY (p.visible))
      ORDER BY NOT o.alive, os.position
      LIMIT 1))
