-- Whether any migration was ever tried here.
SELECT to_regclass('schema_migration') IS NOT NULL
