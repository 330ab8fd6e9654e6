-- The sources of a registry, first one first. Parameters: registry, ids of sources as an array's text.
INSERT INTO registry_source (registry_id, source_id, position)
SELECT $1::integer, l.source_id, l.ordinality - 1
  FROM unnest($2::integer[]) WITH ORDINALITY AS l (source_id, ordinality)
