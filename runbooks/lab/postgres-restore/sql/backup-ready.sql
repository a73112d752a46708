-- The first whole second after the backup: no restore point lies before it.
SET TimeZone = 'UTC';
SELECT to_char(date_trunc('second', now() + interval '1 s'),
               'YYYY-MM-DD"T"HH24:MI:SS"Z"');
