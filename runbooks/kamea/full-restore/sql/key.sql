-- The primary key of a table, as a list of columns.
SELECT string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum) AS key
FROM pg_index i
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
WHERE i.indrelid = format('public.%I', :'table')::regclass AND i.indisprimary
\gset
