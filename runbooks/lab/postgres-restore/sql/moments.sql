-- The first entry by anybody who is not the shop itself, the last good one
-- before it, and a whole second between them.
SET TimeZone = 'UTC';
WITH bad AS (
    SELECT min("occurredAt") AS at FROM "AuditLog" WHERE actor <> 'web'
), good AS (
    SELECT max("occurredAt") AS at FROM "AuditLog"
    WHERE "occurredAt" < (SELECT at FROM bad)
)
SELECT json_build_object(
    'last_good', to_char(good.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'first_bad', to_char(bad.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'candidate', to_char(date_trunc('second', bad.at - interval '0.5 s'),
                         'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
FROM bad, good;
