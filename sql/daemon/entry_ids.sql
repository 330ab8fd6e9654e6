-- Ids for new entries. Parameters: how many. Rows: an id each.
-- The sequence is looked up once, not for every row.
SELECT nextval(q.sequence)
  FROM (SELECT pg_get_serial_sequence('entry', 'id')::regclass AS sequence OFFSET 0) q,
       generate_series(1, $1::integer)
