-- When the rows of sources last changed: a sync under way for one that moved, or is gone, is not wanted any more.
-- Parameters: ids as an array's text. Rows: id, when.
SELECT s.id, s.updated_at::text FROM source s WHERE s.id = ANY ($1::integer[])
