-- Rows that the damaged server has and the copy has not: written after the
-- restore point. Those of the release are not sales; they get a list of their
-- own. Written as CSV below the current folder, then counted.
SET TimeZone = 'UTC';
\set f :folder '/orders.csv'
COPY (SELECT * FROM orders WHERE id > :orders AND changed_by <> 'release-41'
      ORDER BY id) TO STDOUT (FORMAT csv, HEADER) \g :f
\set f :folder '/order_lines.csv'
COPY (SELECT * FROM order_lines WHERE id > :order_lines
      ORDER BY id) TO STDOUT (FORMAT csv, HEADER) \g :f
\set f :folder '/payments.csv'
COPY (SELECT * FROM payments WHERE id > :payments
      AND changed_by <> 'release-41'
      ORDER BY id) TO STDOUT (FORMAT csv, HEADER) \g :f
\set f :folder '/wrong-payments.csv'
COPY (SELECT * FROM payments WHERE id > :payments
      AND changed_by = 'release-41'
      ORDER BY id) TO STDOUT (FORMAT csv, HEADER) \g :f
WITH o AS (
    SELECT * FROM orders WHERE id > :orders AND changed_by <> 'release-41'
), l AS (
    SELECT * FROM order_lines WHERE id > :order_lines
), p AS (
    SELECT * FROM payments WHERE id > :payments AND changed_by <> 'release-41'
)
SELECT json_build_object(
    'late_orders', (SELECT count(*) FROM o),
    'late_lines', (SELECT count(*) FROM l),
    'late_payments', (SELECT count(*) FROM p),
    'late_value_cents', (SELECT COALESCE(sum(total_cents), 0) FROM o),
    'late_sum', md5(concat(
        (SELECT string_agg(md5(o::text), '' ORDER BY id) FROM o), '/',
        (SELECT string_agg(md5(l::text), '' ORDER BY id) FROM l), '/',
        (SELECT string_agg(md5(p::text), '' ORDER BY id) FROM p))),
    'wrong_payments', (SELECT count(*) FROM payments
        WHERE id > :payments AND changed_by = 'release-41'),
    'wrong_ids', (SELECT string_agg(id::text, ',' ORDER BY id) FROM payments
        WHERE id > :payments AND changed_by = 'release-41'));
