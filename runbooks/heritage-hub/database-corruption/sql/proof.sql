-- An empty trail has no newest entry: `none`, which no check takes for good.
SELECT 'newest entry ' || coalesce(
    to_char(max("occurredAt") AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
    || ' of ' || count(*) || ', '
    || floor(extract(epoch FROM :'point'::timestamptz - max("occurredAt")) / 60)
    || ' min before the point', 'none') FROM "AuditLog";
SELECT count(*) || ' orphans' FROM "FamilyGroupMembers" m
WHERE NOT EXISTS (SELECT FROM "Users" u WHERE u.id = m."userId")
   OR NOT EXISTS (SELECT FROM "FamilyGroups" g WHERE g.id = m."familyGroupId");
