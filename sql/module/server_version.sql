-- One version of a server, of the first source that has it; `latest` is the pointer of the source that owns the name.
-- Parameters: registry, name, version, wants latest (boolean), deleted ones too (boolean), visible claim sets.
-- Rows: one, columns as in server_list.sql; NULLs from name on when there is no such version.
SELECT g.number, r.id, one.name, one.version, one.document, one.official
  FROM (SELECT $1::text AS registry, $2::text AS name, $3::text AS version, $4::boolean AS latest,
               $5::boolean AS deleted, $6::integer[] AS visible OFFSET 0) p
 CROSS JOIN generation g
  LEFT JOIN registry r ON r.name = p.registry
  LEFT JOIN LATERAL (
        SELECT w.name, w.version, w.document, w.official
          FROM registry_source rs
          JOIN entry_version w ON w.source_id = rs.source_id
         WHERE rs.registry_id = r.id
           -- include: one_version
         ORDER BY w.status = 'deleted', rs.position
         LIMIT 1
       ) one ON true
