-- How many of the saved ids the database lacks. `missing` holds bare ids.
CREATE TEMP TABLE u (id text);
CREATE TEMP TABLE g (id text);
CREATE TEMP TABLE m (id text);
\copy u FROM 'Users.missing'
\copy g FROM 'FamilyGroups.missing'
\copy m FROM 'FamilyGroupMembers.missing'
SELECT (SELECT count(*) FROM u WHERE NOT EXISTS (SELECT FROM "Users" t WHERE t.id::text = u.id))
     + (SELECT count(*) FROM g WHERE NOT EXISTS (SELECT FROM "FamilyGroups" t WHERE t.id::text = g.id))
     + (SELECT count(*) FROM m WHERE NOT EXISTS (SELECT FROM "FamilyGroupMembers" t WHERE t.id::text = m.id));
