-- What every session of the daemon starts with. Times are compared as text here and there: one zone, one style.
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET standard_conforming_strings = on;
SET client_min_messages = warning;
SET statement_timeout = '2min';
SET lock_timeout = '20s';
SET idle_in_transaction_session_timeout = '5min';
