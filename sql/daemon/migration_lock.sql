-- Keys of the first number 1835233395 ("mcps") are the daemon's global locks: 1 migrations, 2 reconciliation,
-- 3 a daemon is there.
SELECT pg_try_advisory_lock(1835233395, 1)
