-- The application's role, as the first migration makes it.
CREATE ROLE toolhive_registry_server NOLOGIN;
