-- Ids for new entries. Parameters: how many. Rows: an id each.
SELECT nextval(pg_get_serial_sequence('entry', 'id')) FROM generate_series(1, $1::integer)
