-- Backups may lag behind by some minutes; a quarter of an hour is safe.
SELECT json_build_object(
    'point_is', CASE
        WHEN :'point'::timestamptz < :'earliest'::timestamptz THEN 'too-old'
        WHEN :'point'::timestamptz > now() - interval '15 minutes' THEN 'too-new'
        ELSE 'good' END,
    'behind_now_min', floor(extract(epoch FROM now() - :'point'::timestamptz) / 60),
    'stamp', to_char(:'point'::timestamptz AT TIME ZONE 'UTC', 'YYYYMMDDHH24MI'));
