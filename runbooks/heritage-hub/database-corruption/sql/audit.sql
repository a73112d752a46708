-- The audit trail by minute, newest first, then a point to restore to.
SELECT date_trunc('minute', "occurredAt") AS minute, action, count(*)
FROM "AuditLog"
WHERE "occurredAt" > now() - interval '6 hours'
GROUP BY 1, 2 ORDER BY 1 DESC, 2 LIMIT 60;

-- A burst: one action at least twenty times in a minute; signing in is none.
-- Without any, the point offered is simply half an hour old.
\pset tuples_only on
\pset format unaligned
WITH burst AS (
    SELECT min("occurredAt") AS began
    FROM "AuditLog"
    WHERE "occurredAt" > now() - interval '6 hours' AND action NOT LIKE 'LOGIN%'
    GROUP BY date_trunc('minute', "occurredAt"), action
    HAVING count(*) >= 20
), point AS (
    SELECT min(began) AS began,
           to_timestamp(floor(extract(epoch FROM
               coalesce(min(began), now() - interval '25 minutes')
               - interval '5 minutes') / 300) * 300) AS at
    FROM burst
)
SELECT 'first burst '
    || coalesce(to_char(began AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'none')
    || E'\noffered point '
    || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
FROM point;
