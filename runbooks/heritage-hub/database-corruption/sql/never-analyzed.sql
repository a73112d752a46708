-- Tables without statistics of their own since this server began to count.
SELECT count(*) FROM pg_stat_user_tables WHERE coalesce(last_analyze, last_autoanalyze) IS NULL;
