-- Adds the saved rows, parents first, in the caller's one transaction. Rows
-- keep their ids, which were given out before, so no sequence moves.
SET LOCAL lock_timeout = '10s';
CREATE TEMP TABLE u (LIKE "Users") ON COMMIT DROP;
CREATE TEMP TABLE g (LIKE "FamilyGroups") ON COMMIT DROP;
CREATE TEMP TABLE m (LIKE "FamilyGroupMembers") ON COMMIT DROP;
\copy u FROM 'Users.missing.csv' (FORMAT csv, HEADER)
\copy g FROM 'FamilyGroups.missing.csv' (FORMAT csv, HEADER)
\copy m FROM 'FamilyGroupMembers.missing.csv' (FORMAT csv, HEADER)
INSERT INTO "Users" SELECT * FROM u;
INSERT INTO "FamilyGroups" SELECT * FROM g;
INSERT INTO "FamilyGroupMembers" SELECT * FROM m;

SELECT set_config('restore.wanted', :'wanted', true) \g /dev/null
DO $$
DECLARE
    came bigint := (SELECT count(*) FROM u) + (SELECT count(*) FROM g) + (SELECT count(*) FROM m);
    orphans bigint := (SELECT count(*) FROM "FamilyGroupMembers" x
        WHERE NOT EXISTS (SELECT FROM "Users" y WHERE y.id = x."userId")
           OR NOT EXISTS (SELECT FROM "FamilyGroups" z WHERE z.id = x."familyGroupId"));
BEGIN
    IF came <> current_setting('restore.wanted')::bigint OR orphans > 0 THEN
        RAISE EXCEPTION '% rows came in and % are orphans; nothing was changed', came, orphans;
    END IF;
END $$;
SELECT 'put back ' || ((SELECT count(*) FROM u) + (SELECT count(*) FROM g) + (SELECT count(*) FROM m));
-- Their share of the tables is large; the planner should know before members do.
ANALYZE "Users", "FamilyGroups", "FamilyGroupMembers";
