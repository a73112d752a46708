-- Takes a merge back: rows that it brought go, children first; the others get
-- the values they had.
SET LOCAL lock_timeout = '10s';
SELECT set_config('merge.tables', :'tables', true) \g /dev/null
DO $$
DECLARE
    names text[] := regexp_split_to_array(current_setting('merge.tables'), E'\\s+');
    name text;
    same text;
BEGIN
    FOR i IN REVERSE array_length(names, 1)..1 LOOP
        name := names[i];
        SELECT string_agg(format('b.%1$I = p.%1$I', a.attname), ' AND ')
        INTO STRICT same FROM pg_index x
        JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)
        WHERE x.indrelid = format('public.%I', name)::regclass AND x.indisprimary;
        EXECUTE format('DELETE FROM public.%1$I p USING dr_stage.%1$I b WHERE %2$s '
            'AND NOT EXISTS (SELECT FROM dr_before.%1$I b WHERE %2$s)', name, same);
    END LOOP;
END $$;
\set source dr_before
\set wanted any
\ir merge.sql
