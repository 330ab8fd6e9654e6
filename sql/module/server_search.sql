-- A page of servers whose name, title or description holds a term, under any other filters too; of one registry or
-- (registry NULL) of all of them together.
-- Parameters: as in server_filtered.sql up to the visible claim sets, then the folded term as a LIKE pattern and as it
-- is, and the limit.
-- Rows: as in server_filtered.sql. See there for scope and owner.
-- How many texts hold a term can't be known before: so hits are looked up in the index, up to a number. If there
-- are fewer, they are all there is and get sorted; if there are more, the term is common, and reading in page order
-- soon finds a page's worth of rows; strpos() keeps the planner from the trigrams there. The branch that is not
-- needed does not run. OFFSET 0 has the hits looked up one by one, also right after a first sync, when the planner has
-- no statistics yet and would rather read a whole source.
WITH p AS MATERIALIZED (
        SELECT $1::text AS registry, $2::text AS name, $3::text AS version, $4::text AS only_version,
               $5::boolean AS latest, $6::timestamptz AS since, $7::boolean AS deleted,
               $8::integer[] AS visible, $9::text AS pattern, $10::text AS term
     ), scope AS MATERIALIZED (
        -- include: scope
     ), hit AS MATERIALIZED (
        SELECT w.id
          FROM entry_version w
         WHERE w.search_text LIKE (SELECT pattern FROM p)
         LIMIT 300
     ), rare AS MATERIALIZED (
        SELECT count(*) < 300 AS yes FROM hit
     )
SELECT g.number, CASE WHEN p.registry IS NULL THEN 0 ELSE r.id END,
       page.name, page.version, page.document, page.official
  FROM p
 CROSS JOIN generation g
  LEFT JOIN registry r ON r.name = p.registry
  LEFT JOIN LATERAL (
        SELECT v.name, v.version, v.document, v.official
          FROM (
                (SELECT w.name, w.version, w.document, w.official
                  FROM hit
                 CROSS JOIN LATERAL (SELECT e.* FROM entry_version e WHERE e.id = hit.id OFFSET 0) w
                  JOIN scope s ON s.source_id = w.source_id
                 WHERE (SELECT yes FROM rare)
                   -- include: filtered_row
                 ORDER BY w.name, w.version
                 LIMIT $11)
                UNION ALL
                SELECT c.name, c.version, c.document, c.official
                  FROM scope s
                 CROSS JOIN LATERAL (
                SELECT w.name, w.version, w.document, w.official
                  FROM
                       -- include: in_page_order
                 WHERE NOT (SELECT yes FROM rare)
                   AND strpos(w.search_text, p.term) > 0
                   -- include: filtered_row
                 ORDER BY w.name, w.namespace, w.version
                 LIMIT $11) c
               ) v
         ORDER BY v.name, v.version
         LIMIT $11
       ) page ON true
