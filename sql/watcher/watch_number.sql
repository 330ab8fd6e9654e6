-- The generation that a reader sees now.
SELECT number FROM generation
