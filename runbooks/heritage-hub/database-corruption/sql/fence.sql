-- Nobody new gets in; who is in, is put out. Who does not own the database gets
-- a warning and no error, so the last line says how it is.
REVOKE CONNECT ON DATABASE :"db" FROM PUBLIC;
SELECT count(pg_terminate_backend(pid)) || ' sessions ended'
FROM pg_stat_activity
WHERE datname = :'db' AND pid <> pg_backend_pid();
SELECT CASE WHEN has_database_privilege('public', :'db', 'CONNECT')
            THEN 'open' ELSE 'shut' END;
