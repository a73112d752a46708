-- open: the two locks are off · closed: both are on and nobody is in ·
-- half: anything between. Workers of the server itself do not count.
SELECT CASE
    WHEN has_database_privilege('public', 'shop', 'CONNECT')
         AND datconnlimit = -1 THEN 'open'
    WHEN NOT has_database_privilege('public', 'shop', 'CONNECT')
         AND datconnlimit = 0 AND NOT EXISTS (
            SELECT FROM pg_stat_activity WHERE datname = 'shop'
            AND pid <> pg_backend_pid() AND backend_type = 'client backend')
        THEN 'closed'
    ELSE 'half' END
FROM pg_database WHERE datname = 'shop';
