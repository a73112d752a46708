-- Brings rows from one of the two pictures into the tables, in the caller's one
-- transaction. It fails, and changes nothing, if another number of rows moves
-- than was counted. Tables are named parents first, one a line.
SET LOCAL lock_timeout = '10s';
SELECT set_config('merge.source', :'source', true),
       set_config('merge.tables', :'tables', true),
       set_config('merge.wanted', :'wanted', true) \g /dev/null
DO $$
DECLARE
    name text;
    target regclass;
    columns text;
    sets text;
    key text;
    serial record;
    moved bigint;
    total bigint := 0;
    wanted text := current_setting('merge.wanted');
BEGIN
    FOREACH name IN ARRAY regexp_split_to_array(current_setting('merge.tables'), E'\\s+') LOOP
        target := format('public.%I', name)::regclass;
        SELECT string_agg(format('%I', a.attname), ', ')
        INTO key FROM pg_index i
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = target AND i.indisprimary;
        IF key IS NULL THEN
            RAISE EXCEPTION '% has no primary key; nothing was changed', name;
        END IF;
        SELECT string_agg(format('%I', attname), ', ' ORDER BY attnum),
               'UPDATE SET ' || string_agg(format('%1$I = excluded.%1$I', attname), ', ')
                   FILTER (WHERE NOT attnum = ANY (i.indkey))
                   || ' WHERE (p.*)::text <> (excluded.*)::text'
        INTO columns, sets
        FROM pg_attribute JOIN pg_index i ON i.indrelid = attrelid AND i.indisprimary
        WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
        EXECUTE format(
            'INSERT INTO %s AS p (%s) OVERRIDING SYSTEM VALUE SELECT %s FROM %I.%I '
            'ON CONFLICT (%s) DO %s',
            target, columns, columns, current_setting('merge.source'), name, key,
            coalesce(sets, 'NOTHING'));
        GET DIAGNOSTICS moved = ROW_COUNT;
        total := total + moved;
        -- Numbers that were given out before must not be given out again.
        FOR serial IN
            SELECT attname, pg_get_serial_sequence(target::text, attname) AS sequence
            FROM pg_attribute WHERE attrelid = target AND attnum > 0 AND NOT attisdropped
        LOOP
            IF serial.sequence IS NOT NULL THEN
                EXECUTE format('SELECT setval(%L, greatest((SELECT max(%I) FROM %s), '
                    '(SELECT last_value FROM %s)))',
                    serial.sequence, serial.attname, target, serial.sequence);
            END IF;
        END LOOP;
    END LOOP;
    IF wanted <> 'any' AND total <> wanted::bigint THEN
        RAISE EXCEPTION '% rows would move and % were counted; nothing was changed',
            total, wanted;
    END IF;
    PERFORM set_config('merge.total', total::text, true);
END $$;
SELECT 'merged ' || current_setting('merge.total');
