-- Rows: names of sources, type, whether they are synced.
SELECT s.name, s.source_type, s.syncable FROM source s ORDER BY s.name
