-- The row w is the version that p asks for, or the latest one, and may be shown.
AND w.kind = 'server'
AND w.name = p.name
AND (p.latest OR w.version = p.version)
AND (w.is_latest OR NOT p.latest)
AND (w.status <> 'deleted' OR p.deleted)
AND (p.visible IS NULL OR w.claim_set_id = ANY (p.visible))
