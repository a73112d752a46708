-- The rows whose ids come in, as CSV with a header.
CREATE TEMP TABLE wanted (id text PRIMARY KEY);
\copy wanted FROM pstdin
COPY (SELECT t.* FROM :"table" t JOIN wanted ON wanted.id = t.id::text) TO STDOUT (FORMAT csv, HEADER);
