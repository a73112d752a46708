-- A sale as a customer makes it, read back, and the name of the server that
-- answered.
SET client_min_messages = warning;
BEGIN;
INSERT INTO orders (customer_id, total_cents)
SELECT 1, 2 * price_cents FROM products WHERE id = 1 RETURNING id \gset new_
INSERT INTO order_lines (order_id, product_id, quantity, price_cents)
SELECT :new_id, id, 2, price_cents FROM products WHERE id = 1;
INSERT INTO payments (order_id, amount_cents)
SELECT id, total_cents FROM orders WHERE id = :new_id;
COMMIT;
SELECT json_build_object(
    'server', current_setting('cluster_name'),
    'order', id,
    'customer', (SELECT name FROM customers c WHERE c.id = o.customer_id),
    'paid', (SELECT sum(amount_cents) = o.total_cents FROM payments
             WHERE order_id = o.id),
    'lines', (SELECT count(*) FROM order_lines WHERE order_id = o.id))
FROM orders o WHERE id = :new_id;
