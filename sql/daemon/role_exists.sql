-- Parameters: a role's name. Rows: whether it is there, and whether it may log in.
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1::text),
       EXISTS (SELECT FROM pg_roles WHERE rolname = $1::text AND rolcanlogin)
