-- The id of a canonical set of claims, made if it is new. Parameters: the canonical text.
-- Rows: id; none when another transaction makes the same at this moment: ask again then.
WITH wanted AS (
        SELECT sha256(convert_to($1::text, 'UTF8')) AS digest
     ), found AS (
        SELECT c.id FROM claim_set c JOIN wanted w ON w.digest = c.digest
     ), made AS (
        INSERT INTO claim_set (digest, claims)
        SELECT w.digest, $1::text FROM wanted w WHERE NOT EXISTS (SELECT FROM found)
        ON CONFLICT (digest) DO NOTHING
        RETURNING id
     )
SELECT id FROM found UNION ALL SELECT id FROM made
