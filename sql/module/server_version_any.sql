-- One version of a server from all registries together; otherwise server_version.sql. The registry id is 0.
-- Parameters: name, version, wants latest (boolean), deleted ones too (boolean), visible claim sets.
WITH p AS MATERIALIZED (
        SELECT NULL::text AS registry, $1::text AS name, $2::text AS version, $3::boolean AS latest,
               $4::boolean AS deleted, $5::integer[] AS visible
     ), scope AS MATERIALIZED (
        -- include: scope
     )
SELECT g.number, 0, one.name, one.version, one.document, one.official
  FROM p
 CROSS JOIN generation g
  LEFT JOIN LATERAL (
        SELECT w.name, w.version, w.document, w.official
          FROM scope s
          JOIN entry_version w ON w.source_id = s.source_id
         WHERE true
           -- include: one_version
         ORDER BY w.status = 'deleted', s.position
         LIMIT 1
       ) one ON true
