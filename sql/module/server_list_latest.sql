-- A page of the latest versions of a registry's servers (version=latest and nothing else): what clients walk at start.
-- Parameters: registry, cursor name, cursor version, visible claim sets (NULL: all), limit.
-- Rows: generation, registry id (NULL: no such registry), name, version, document, official; one row with NULLs
-- when the page is empty. See server_list.sql for the shape.
SELECT g.number, r.id, page.name, page.version, page.document, page.official
  FROM (SELECT $1::text AS registry, $2::text AS name, $3::text AS version, $4::integer[] AS visible OFFSET 0) p
 CROSS JOIN generation g
  LEFT JOIN registry r ON r.name = p.registry
  LEFT JOIN LATERAL (
        SELECT v.name, v.version, v.document, v.official
          FROM registry_source rs
         CROSS JOIN LATERAL (
                SELECT w.name, w.version, w.document, w.official
                  FROM entry_version w
                 WHERE w.source_id = rs.source_id
                   AND w.kind = 'server'
                   AND w.is_latest
                   -- include: plain_row
                 ORDER BY w.name, w.namespace, w.version
                 LIMIT $5
               ) v
         WHERE rs.registry_id = r.id
         ORDER BY v.name, v.version
         LIMIT $5
       ) page ON true
