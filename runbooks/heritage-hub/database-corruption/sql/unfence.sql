GRANT CONNECT ON DATABASE :"db" TO PUBLIC;
SELECT CASE WHEN has_database_privilege('public', :'db', 'CONNECT')
            THEN 'open' ELSE 'shut' END;
