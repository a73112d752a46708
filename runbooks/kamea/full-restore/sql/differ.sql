-- Missing: only the copy has it. Changed: both have it, and not alike. Later:
-- only the damaged database has it; a merge leaves it alone.
\ir key.sql
SELECT :'table', 'missing', count(*) FILTER (WHERE p.whole IS NULL),
       'changed', count(*) FILTER (WHERE p.whole <> s.whole),
       'later', count(*) FILTER (WHERE s.whole IS NULL)
FROM (SELECT :key, t::text AS whole FROM dr_stage.:"table" t) s
FULL JOIN (SELECT :key, t::text AS whole FROM public.:"table" t) p USING (:key);
