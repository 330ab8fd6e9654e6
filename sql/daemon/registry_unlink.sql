-- The links of a registry, before new ones are written. Parameters: registry.
DELETE FROM registry_source WHERE registry_id = $1::integer
