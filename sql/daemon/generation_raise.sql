-- Something that a reader can see has changed: the last statement before COMMIT, so that the row is locked for the
-- shortest time. Rows: the new number.
WITH raised AS (
        UPDATE generation
           SET number = greatest(number + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)
        RETURNING number
     )
SELECT number, pg_notify('mcpr_generation', number::text) FROM raised
