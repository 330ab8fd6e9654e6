-- Rows: id, name, whether it was made by the API, the ids of its sources in order as an array's text.
SELECT r.id, r.name, r.creation_type = 'API',
       coalesce((SELECT array_agg(rs.source_id ORDER BY rs.position)
                   FROM registry_source rs WHERE rs.registry_id = r.id), '{}')::text
  FROM registry r
 ORDER BY r.name
