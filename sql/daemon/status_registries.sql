-- Rows: name, made by, its sources in order as a JSON array.
SELECT r.name, r.creation_type,
       coalesce((SELECT json_agg(s.name ORDER BY rs.position)
                   FROM registry_source rs JOIN source s ON s.id = rs.source_id
                  WHERE rs.registry_id = r.id), '[]')
  FROM registry r
 ORDER BY r.name
