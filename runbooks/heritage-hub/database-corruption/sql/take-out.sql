-- Removes the rows that were put back, children first.
SET LOCAL lock_timeout = '10s';
CREATE TEMP TABLE u (id text) ON COMMIT DROP;
CREATE TEMP TABLE g (id text) ON COMMIT DROP;
CREATE TEMP TABLE m (id text) ON COMMIT DROP;
\copy u FROM 'Users.missing'
\copy g FROM 'FamilyGroups.missing'
\copy m FROM 'FamilyGroupMembers.missing'
DELETE FROM "FamilyGroupMembers" WHERE id::text IN (SELECT id FROM m);
DELETE FROM "FamilyGroups" WHERE id::text IN (SELECT id FROM g);
DELETE FROM "Users" WHERE id::text IN (SELECT id FROM u);
