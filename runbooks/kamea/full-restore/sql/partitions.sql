-- The partitions, and how new the newest row is.
SELECT 'partitions ' || count(*) FROM pg_inherits;
SELECT 'newest row ' || coalesce(
    to_char(max(ts) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'none')
FROM telemetry;
