-- A registry that the configuration has no longer. Parameters: registry.
DELETE FROM registry WHERE id = $1::integer AND creation_type = 'CONFIG'
