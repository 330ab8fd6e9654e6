-- Rows: id, name, whether it was made by the API, type, registries of the API that link it (names, by comma).
SELECT s.id, s.name, s.creation_type = 'API', s.source_type,
       (SELECT string_agg(r.name, ', ' ORDER BY r.name)
          FROM registry_source rs
          JOIN registry r ON r.id = rs.registry_id
         WHERE rs.source_id = s.id AND r.creation_type = 'API')
  FROM source s
 ORDER BY s.name
