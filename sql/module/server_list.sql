-- A page of a registry's servers, without filters: the statement that most requests come down to.
-- Parameters: registry, cursor name, cursor version, visible claim sets (NULL: all), limit.
-- Rows: generation, registry id (NULL: no such registry), name, version, document, official; one row with NULLs
-- when the page is empty.
-- Each source contributes its next rows from one index range, so a page costs the same at the end of a catalog as
-- at its beginning. Rows of position 0 need no look for a source that owns the name before them. That look is a
-- scalar sub-select, not NOT EXISTS: the planner would hash the whole table for the latter.
-- p is fenced by OFFSET 0, so that its values are computed once and not once a row.
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
                   -- include: plain_row
                 ORDER BY w.name, w.namespace, w.version
                 LIMIT $5
               ) v
         WHERE rs.registry_id = r.id
         ORDER BY v.name, v.version
         LIMIT $5
       ) page ON true
