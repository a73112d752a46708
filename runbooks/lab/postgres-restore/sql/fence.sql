-- Closes database shop. Three locks, for each alone leaves a gap: the owner's
-- members may connect without PUBLIC's right, the limit does not bind those
-- who are in, and ended sessions come back. A superuser still gets in, which
-- the repair needs.
REVOKE CONNECT ON DATABASE shop FROM PUBLIC;
ALTER DATABASE shop CONNECTION LIMIT 0;
SELECT usename, application_name, state, pg_terminate_backend(pid)
FROM pg_stat_activity
WHERE datname = 'shop' AND pid <> pg_backend_pid()
  AND backend_type = 'client backend'
ORDER BY 1, 2;
