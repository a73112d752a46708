-- Sessions in this very database; the one that asks does not count.
SELECT count(*) FROM pg_stat_activity
WHERE datname = :'db' AND backend_type = 'client backend' AND pid <> pg_backend_pid();
