-- What the copy holds. An empty audit trail gives null for newest_audit and
-- behind_s, and null passes no expectation.
SET TimeZone = 'UTC';
SELECT json_build_object(
    'in_recovery', pg_is_in_recovery(),
    'customers', (SELECT count(*) FROM customers),
    'products', (SELECT count(*) FROM products),
    'orders', (SELECT count(*) FROM orders),
    'order_lines', (SELECT count(*) FROM order_lines),
    'payments', (SELECT count(*) FROM payments),
    'last_order', (SELECT max(id) FROM orders),
    'last_line', (SELECT max(id) FROM order_lines),
    'last_payment', (SELECT max(id) FROM payments),
    'newest_audit', (SELECT to_char(max("occurredAt"),
                     'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM "AuditLog"),
    'behind_s', (SELECT floor(extract(epoch FROM
                 :'point'::timestamptz - max("occurredAt"))) FROM "AuditLog"),
    'foreign_writers', (SELECT count(*) FROM "AuditLog" WHERE actor <> 'web'),
    'orphans',
        (SELECT count(*) FROM orders o WHERE NOT EXISTS
            (SELECT FROM customers c WHERE c.id = o.customer_id))
      + (SELECT count(*) FROM order_lines l WHERE NOT EXISTS
            (SELECT FROM orders o WHERE o.id = l.order_id))
      + (SELECT count(*) FROM payments p WHERE NOT EXISTS
            (SELECT FROM orders o WHERE o.id = p.order_id)),
    'wrong_totals', (
        SELECT count(*) FROM orders o WHERE total_cents IS DISTINCT FROM
        (SELECT sum(quantity * price_cents) FROM order_lines
         WHERE order_id = o.id)));
