-- What is wrong, in the shop's own terms. An order's total is the sum of its
-- lines; a paid amount is the order's total and never negative.
SELECT json_build_object(
    'orders', (SELECT count(*) FROM orders),
    'wrong_totals', (
        SELECT count(*) FROM orders o WHERE total_cents IS DISTINCT FROM
        (SELECT sum(quantity * price_cents) FROM order_lines
         WHERE order_id = o.id)),
    'single_line_orders', (
        SELECT count(*) FROM (SELECT FROM order_lines
                              GROUP BY order_id HAVING count(*) = 1) s),
    'negative_payments', (SELECT count(*) FROM payments
                          WHERE amount_cents < 0),
    'orders_since_damage', (
        SELECT count(*) FROM orders WHERE placed_at >
        (SELECT max("occurredAt") FROM "AuditLog" WHERE actor <> 'web')));
