-- What a registry is for the older surface: whether it holds the managed source, and the type of its first source.
-- Parameters: registry. Rows: managed, type of the first source (NULL: it has none); no row: no such registry.
SELECT EXISTS (SELECT FROM registry_source rs JOIN source s ON s.id = rs.source_id
                WHERE rs.registry_id = r.id AND s.source_type = 'managed'),
       (SELECT s.source_type FROM registry_source rs JOIN source s ON s.id = rs.source_id
         WHERE rs.registry_id = r.id ORDER BY rs.position LIMIT 1)
  FROM registry r
 WHERE r.name = $1
