-- Nobody new gets in; who is in, is put out.
REVOKE CONNECT ON DATABASE :"db" FROM PUBLIC;
SELECT count(pg_terminate_backend(pid)) || ' sessions ended'
FROM pg_stat_activity
WHERE datname = :'db' AND pid <> pg_backend_pid();
