-- The id of a canonical set of claims, made if it is new. Parameters: the canonical text. Rows: id.
-- The second branch sees the row of a transaction that was faster.
WITH made AS (
        INSERT INTO claim_set (digest, claims) VALUES (sha256(convert_to($1::text, 'UTF8')), $1::text)
        ON CONFLICT (digest) DO UPDATE SET claims = excluded.claims WHERE false
        RETURNING id
     )
SELECT id FROM made
UNION ALL
SELECT id FROM claim_set WHERE digest = sha256(convert_to($1::text, 'UTF8'))
 LIMIT 1
