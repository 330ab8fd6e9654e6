-- The stored rows into empty tables like their own, then the indexes; prints the seconds that took. :path is a folder.
\set entries :path '/entries'
\set versions :path '/versions'
COPY entry TO :'entries' (FORMAT binary);
COPY (SELECT * FROM entry_version ORDER BY id) TO :'versions' (FORMAT binary);
SELECT clock_timestamp() AS began \gset
BEGIN;
CREATE TABLE copied_entry (LIKE entry INCLUDING STORAGE);
CREATE TABLE copied_version (LIKE entry_version INCLUDING STORAGE) WITH (toast_tuple_target = 8160);
COPY copied_entry FROM :'entries' (FORMAT binary);
COPY copied_version FROM :'versions' (FORMAT binary);
SELECT replace(replace(replace(indexdef, ' ON public.entry_version', ' ON copied_version'), ' ON public.entry', ' ON copied_entry'),
               'INDEX ' || indexname, 'INDEX copied_' || indexname)
  FROM pg_indexes
 WHERE tablename IN ('entry', 'entry_version')
\gexec
COMMIT;
SELECT extract(epoch FROM clock_timestamp() - :'began'::timestamptz);
DROP TABLE copied_entry, copied_version;
