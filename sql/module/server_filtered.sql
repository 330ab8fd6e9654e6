-- A page of servers under any filters but search, of one registry or (registry NULL) of all of them together.
-- Parameters: registry, cursor name, cursor version, version wanted, latest wanted (boolean), changed after,
-- deleted ones too (boolean), visible claim sets, limit (twice).
-- Rows: as in server_list.sql; the registry id is 0 for all registries together.
-- The source that owns a name is decided before any filter: the first one in order that has the name alive, or
-- where none has, and deleted ones are shown, the first one that has it at all. All registries together are one
-- list of sources, each once, in the order of its first registry's name and its place there. Where there is one source
-- only, nobody else can own its names.
WITH p AS MATERIALIZED (
        SELECT %s::text AS registry, %s::text AS name, %s::text AS version, %s::text AS only_version,
               %s::boolean AS latest, %s::timestamptz AS since, %s::boolean AS deleted,
               %s::integer[] AS visible
     ), scope AS MATERIALIZED (
        SELECT s.source_id, row_number() OVER (ORDER BY s.registry, s.position) AS position,
               count(*) OVER () AS sources
          FROM (SELECT DISTINCT ON (rs.source_id) rs.source_id, r.name AS registry, rs.position
                  FROM p
                  JOIN registry r ON p.registry IS NULL OR r.name = p.registry
                  JOIN registry_source rs ON rs.registry_id = r.id
                 ORDER BY rs.source_id, r.name, rs.position) s
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
                  FROM entry_version w
                 WHERE w.source_id = s.source_id
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
                 ORDER BY w.name, w.namespace, w.version
                 LIMIT %d
               ) v
         ORDER BY v.name, v.version
         LIMIT %d
       ) page ON true
