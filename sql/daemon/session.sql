-- What every session of the daemon starts with. Times are compared as text here and there: one zone, one style.
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET standard_conforming_strings = on;
SET client_min_messages = warning;
SET statement_timeout = '2min';
SET lock_timeout = '20s';
SET idle_in_transaction_session_timeout = '5min';
-- A statement of a daemon that is gone ends, and with it the locks of its session. Servers before 14, and those on
-- systems that cannot tell, don't know the setting.
DO $$
BEGIN
    PERFORM set_config('client_connection_check_interval', '5s', false);
EXCEPTION WHEN OTHERS THEN
    NULL;
END
$$;
