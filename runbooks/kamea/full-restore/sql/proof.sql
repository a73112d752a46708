-- What is in the database, table by table, and how new it is.
SELECT 'tenants ' || count(*) FROM tenant;
SELECT 'users ' || count(*) FROM "user";
SELECT 'devices ' || count(*) FROM device;
SELECT 'channels ' || count(*) FROM channel;
SELECT 'orphans ' || count(*) FROM device d
WHERE NOT EXISTS (SELECT FROM tenant t WHERE t.id = d.tenant_id);
-- An empty log has no newest entry: `none`, which no check takes for good.
SELECT 'newest ' || coalesce(
    to_char(max(created_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
    'none') FROM job;
