-- A source of the configuration. Parameters: name, type, format, type block, filter, interval in microseconds (NULL:
-- never by time), syncable, claim set, claims as written.
-- Rows: id, whether settings (not only claims) changed; none when it is there already, the same in all (or the API
-- has just made one of that name). A row that is the same is not even locked: a sync of it may be writing.
WITH old AS (
        SELECT id, source_type, format, source_config, filter_config, sync_schedule, syncable
          FROM source
         WHERE name = $1::text
     )
INSERT INTO source AS s (name, creation_type, source_type, format, source_config, filter_config, sync_schedule,
                         syncable, claim_set_id, claims)
SELECT $1::text, 'CONFIG', $2::text, $3::text, $4::text, $5::text,
       $6::bigint * interval '1 microsecond', $7::boolean, $8::integer, $9::text
 WHERE NOT EXISTS (SELECT FROM source w
                    WHERE w.name = $1::text AND w.creation_type = 'CONFIG'
                      AND (w.source_type, w.format, w.source_config, w.filter_config, w.sync_schedule,
                           w.syncable, w.claim_set_id, w.claims)
                          IS NOT DISTINCT FROM
                          ($2::text, $3::text, $4::text, $5::text, $6::bigint * interval '1 microsecond',
                           $7::boolean, $8::integer, $9::text))
ON CONFLICT (name) DO UPDATE
   SET source_type = excluded.source_type, format = excluded.format, source_config = excluded.source_config,
       filter_config = excluded.filter_config, sync_schedule = excluded.sync_schedule,
       syncable = excluded.syncable, claim_set_id = excluded.claim_set_id, claims = excluded.claims,
       updated_at = now()
 WHERE s.creation_type = 'CONFIG'
   AND (s.source_type, s.format, s.source_config, s.filter_config, s.sync_schedule, s.syncable, s.claim_set_id,
        s.claims)
       IS DISTINCT FROM
       (excluded.source_type, excluded.format, excluded.source_config, excluded.filter_config,
        excluded.sync_schedule, excluded.syncable, excluded.claim_set_id, excluded.claims)
RETURNING s.id,
       NOT EXISTS (SELECT FROM old
                    WHERE (old.source_type, old.format, old.source_config, old.filter_config, old.sync_schedule,
                           old.syncable)
                          IS NOT DISTINCT FROM
                          (s.source_type, s.format, s.source_config, s.filter_config, s.sync_schedule,
                           s.syncable))
