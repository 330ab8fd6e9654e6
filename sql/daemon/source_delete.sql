-- A source that the configuration has no longer. Parameters: source.
DELETE FROM source WHERE id = $1::integer AND creation_type = 'CONFIG'
