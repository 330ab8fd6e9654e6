-- One version of a server from all registries together; otherwise server_version.sql. The registry id is 0.
-- Parameters: name, version, wants latest (boolean), deleted ones too (boolean), visible claim sets.
WITH scope AS MATERIALIZED (
        SELECT s.source_id, row_number() OVER (ORDER BY s.registry, s.position) AS position
          FROM (SELECT DISTINCT ON (rs.source_id) rs.source_id, r.name AS registry, rs.position
                  FROM registry r
                  JOIN registry_source rs ON rs.registry_id = r.id
                 ORDER BY rs.source_id, r.name, rs.position) s
     )
SELECT g.number, 0, one.name, one.version, one.document, one.official
  FROM (SELECT %s::text AS name, %s::text AS version, %s::boolean AS latest,
               %s::boolean AS deleted, %s::integer[] AS visible OFFSET 0) p
 CROSS JOIN generation g
  LEFT JOIN LATERAL (
        SELECT w.name, w.version, w.document, w.official
          FROM scope s
          JOIN entry_version w ON w.source_id = s.source_id
         WHERE w.kind = 'server'
           AND w.name = p.name
           AND (p.latest OR w.version = p.version)
           AND (w.is_latest OR NOT p.latest)
           AND (w.status <> 'deleted' OR p.deleted)
           AND (p.visible IS NULL OR w.claim_set_id = ANY (p.visible))
         ORDER BY w.status = 'deleted', s.position
         LIMIT 1
       ) one ON true
