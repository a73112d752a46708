-- Who wrote what, second by second, newest first. A restore point lies before
-- the first line that should not be there and after the last that should.
SET TimeZone = 'UTC';
SELECT to_char(date_trunc('second', "occurredAt"),
               'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS second,
       actor, action, "tableName", sum("rowCount") AS rows
FROM "AuditLog" GROUP BY 1, 2, 3, 4
ORDER BY 1 DESC, 2, 3, 4 LIMIT 400;
