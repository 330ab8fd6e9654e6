-- A registry of the configuration. Parameters: name, claim set, claims as written.
-- Rows: id; none when it is there already, the same in all (or the API has just made one of that name).
INSERT INTO registry AS r (name, creation_type, claim_set_id, claims)
VALUES ($1::text, 'CONFIG', $2::integer, $3::text)
ON CONFLICT (name) DO UPDATE
   SET claim_set_id = excluded.claim_set_id, claims = excluded.claims, updated_at = now()
 WHERE r.creation_type = 'CONFIG'
   AND (r.claim_set_id, r.claims) IS DISTINCT FROM (excluded.claim_set_id, excluded.claims)
RETURNING r.id
