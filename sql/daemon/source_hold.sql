-- The first statement of a write: the source is still there and nobody changes its settings before COMMIT.
-- Parameters: source. Rows: when its row last changed, claim set, claims as written, now in microseconds.
SELECT s.updated_at::text, s.claim_set_id, s.claims, (extract(epoch FROM now()) * 1000000)::bigint
  FROM source s
 WHERE s.id = $1::integer
   FOR SHARE
