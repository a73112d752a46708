-- true only when the point lies after the backup and before the damage.
SELECT COALESCE(:'point'::timestamptz >= :'ready'::timestamptz
            AND :'point'::timestamptz < :'bad'::timestamptz, false);
