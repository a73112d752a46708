-- The tables as they are. Counts alone prove damage, never health.
SELECT (SELECT count(*) FROM "Users") AS users,
       (SELECT count(*) FROM "FamilyGroups") AS families,
       (SELECT count(*) FROM "FamilyGroupMembers") AS members,
       (SELECT count(*) FROM "FamilyGroupMembers" m
        WHERE NOT EXISTS (SELECT FROM "Users" u WHERE u.id = m."userId")
           OR NOT EXISTS (SELECT FROM "FamilyGroups" g WHERE g.id = m."familyGroupId")) AS orphans
\gset
SELECT format(E'Users %s\nFamilyGroups %s\nFamilyGroupMembers %s\norphans %s', :users, :families, :members, :orphans);
SELECT 'counts say ' || CASE WHEN :users < :least OR :orphans > 0 THEN 'damaged' ELSE 'nothing' END;
