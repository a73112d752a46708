-- Whoever asks is connected to another database, and does not count.
SELECT count(*) FROM pg_stat_activity
WHERE datname = :'db' AND backend_type = 'client backend';
