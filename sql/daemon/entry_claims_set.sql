-- Entries of a synced source carry the claims of the source. Parameters: source, claim set, claims as written.
UPDATE entry
   SET claim_set_id = $2::integer, claims = $3::text, updated_at = now()
 WHERE source_id = $1::integer
   AND (claim_set_id <> $2::integer OR claims IS DISTINCT FROM $3::text)
