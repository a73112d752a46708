SELECT CASE
    WHEN NOT EXISTS (SELECT FROM pg_database WHERE datname = :'aside') THEN 'not yet'
    WHEN NOT EXISTS (SELECT FROM pg_database WHERE datname = :'db') THEN 'half'
    ELSE 'aside' END;
