-- A page of servers under any filters but search, of one registry or (registry NULL) of all of them together.
-- Parameters: registry, cursor name, cursor version, version wanted, latest wanted (boolean), changed after,
-- deleted ones too (boolean), visible claim sets, limit.
-- Rows: as in server_list.sql; the registry id is 0 for all registries together.
-- The source that owns a name is decided before any filter: the first one in order that has the name alive, or
-- where none has, and deleted ones are shown, the first one that has it at all. All registries together are one
-- list of sources, each once, in the order of its first registry's name and its place there. Where there is one source
-- only, nobody else can own its names.
WITH p AS MATERIALIZED (
        SELECT $1::text AS registry, $2::text AS name, $3::text AS version, $4::text AS only_version,
               $5::boolean AS latest, $6::timestamptz AS since, $7::boolean AS deleted,
               $8::integer[] AS visible
     ), scope AS MATERIALIZED (
        -- include: scope
     )
SELECT g.number, CASE WHEN p.registry IS NULL THEN 0 ELSE r.id END,
       page.name, page.version, page.document, page.official
  FROM p
 CROSS JOIN generation g
  LEFT JOIN registry r ON r.name = p.registry
  LEFT JOIN LATERAL (
        SELECT v.name, v.version, v.document, v.official
          FROM scope s
         CROSS JOIN LATERAL (
                SELECT w.name, w.version, w.document, w.official
                  FROM
                       -- include: in_page_order
                 WHERE true
                   -- include: filtered_row
                 ORDER BY w.name, w.namespace, w.version
                 LIMIT $9
               ) v
         ORDER BY v.name, v.version
         LIMIT $9
       ) page ON true
