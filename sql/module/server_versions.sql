-- All versions of one server from the source that owns it, newest publication first, of one registry or
-- (registry NULL) of all of them together; 1000 at most.
-- Parameters: registry, name, deleted ones too (boolean), visible claim sets.
-- Rows: as in server_filtered.sql, and published_at. See there for scope and owner.
WITH p AS MATERIALIZED (
        SELECT $1::text AS registry, $2::text AS name, $3::boolean AS deleted, $4::integer[] AS visible
     ), scope AS MATERIALIZED (
        -- include: scope
     )
SELECT g.number, CASE WHEN p.registry IS NULL THEN 0 ELSE r.id END,
       v.name, v.version, v.document, v.official, v.published_at
  FROM p
 CROSS JOIN generation g
  LEFT JOIN registry r ON r.name = p.registry
  LEFT JOIN LATERAL (
        SELECT w.name, w.version, w.document, w.official, w.published_at
          FROM (SELECT o.source_id
                  FROM scope os
                  JOIN entry o ON o.source_id = os.source_id
                 WHERE o.kind = 'server'
                   AND o.name = p.name
                   AND (o.alive OR p.deleted)
                   AND (p.visible IS NULL OR o.claim_set_id = ANY (p.visible))
                 ORDER BY NOT o.alive, os.position
                 LIMIT 1) owner
          JOIN entry_version w ON w.source_id = owner.source_id
         WHERE w.kind = 'server'
           AND w.name = p.name
           AND (w.status <> 'deleted' OR p.deleted)
         ORDER BY w.published_at DESC, w.version DESC
         LIMIT 1000
       ) v ON true
