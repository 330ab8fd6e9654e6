-- The number by which readers know whether what they hold is true.
SELECT number FROM generation
