-- The login gets the application's rights. {login}: the quoted name.
GRANT toolhive_registry_server TO {login};
