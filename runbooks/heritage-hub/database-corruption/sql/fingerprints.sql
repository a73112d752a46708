-- One line per row: its id, and a fingerprint of all its columns.
SELECT t.id, md5(t::text) FROM :"table" t;
