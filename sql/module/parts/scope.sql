-- The sources that a statement reads, in order of precedence: those of the registry p.registry, or where it is NULL
-- those of all registries, each once, in the order of its first registry's name and its place there.
SELECT s.source_id, row_number() OVER (ORDER BY s.registry, s.position) AS position,
       count(*) OVER () AS sources
  FROM (SELECT DISTINCT ON (rs.source_id) rs.source_id, r.name AS registry, rs.position
          FROM p
          JOIN registry r ON p.registry IS NULL OR r.name = p.registry
          JOIN registry_source rs ON rs.registry_id = r.id
         ORDER BY rs.source_id, r.name, rs.position) s
