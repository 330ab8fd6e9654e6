-- What every session of the daemon starts with. Times are compared as text here and there: one zone, one style.
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET standard_conforming_strings = on;
SET client_min_messages = warning;
SET statement_timeout = '2min';
SET lock_timeout = '20s';
SET idle_in_transaction_session_timeout = '5min';
-- The locks of a daemon's sessions are given back soon after the daemon, its host or the network is gone: a statement of
-- one that has closed its connection ends, and the server asks after one that keeps quiet (which means nothing on a Unix
-- socket). Older servers, and those on systems that cannot tell, don't know all of these settings.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM (VALUES ('client_connection_check_interval', '5s'),
                                     ('tcp_keepalives_idle', '30'),
                                     ('tcp_keepalives_interval', '10'),
                                     ('tcp_keepalives_count', '3'),
                                     ('tcp_user_timeout', '60000')) AS v (name, value)
    LOOP
        BEGIN
            PERFORM set_config(one.name, one.value, false);
        EXCEPTION WHEN OTHERS THEN
            NULL;
        END;
    END LOOP;
END
$$;
