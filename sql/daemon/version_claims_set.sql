-- The copy of entry_claims_set.sql beside each version. Parameters: source, claim set.
UPDATE entry_version
   SET claim_set_id = $2::integer
 WHERE source_id = $1::integer
   AND claim_set_id <> $2::integer
