-- The repair, all or nothing. Parents first, so that every reference finds
-- its row. What is overwritten is kept in dr_before, for the way back.
\set QUIET on
BEGIN;
SET LOCAL lock_timeout = '10s';
LOCK TABLE orders, order_lines, payments IN SHARE ROW EXCLUSIVE MODE;
CREATE TEMP TABLE must (what text, holds boolean NOT NULL CHECK (holds))
    ON COMMIT DROP;

CREATE SCHEMA dr_before;
CREATE TABLE dr_before.orders AS TABLE orders;
CREATE TABLE dr_before.order_lines AS TABLE order_lines;
CREATE TABLE dr_before.payments AS TABLE payments;

INSERT INTO orders SELECT * FROM dr_stage.orders
ON CONFLICT (id) DO UPDATE SET
    (customer_id, placed_at, total_cents, changed_by) =
    (excluded.customer_id, excluded.placed_at, excluded.total_cents,
     excluded.changed_by)
WHERE orders.* IS DISTINCT FROM excluded.*;

INSERT INTO order_lines SELECT * FROM dr_stage.order_lines
ON CONFLICT (id) DO UPDATE SET
    (order_id, product_id, quantity, price_cents) =
    (excluded.order_id, excluded.product_id, excluded.quantity,
     excluded.price_cents)
WHERE order_lines.* IS DISTINCT FROM excluded.*;

INSERT INTO payments SELECT * FROM dr_stage.payments
ON CONFLICT (id) DO UPDATE SET
    (order_id, amount_cents, paid_at, changed_by) =
    (excluded.order_id, excluded.amount_cents, excluded.paid_at,
     excluded.changed_by)
WHERE payments.* IS DISTINCT FROM excluded.*;

-- Rows that should never have been: by their numbers, and by nothing else.
WITH gone AS (
    DELETE FROM payments
    WHERE id = ANY (string_to_array(:'wrong', ',')::bigint[])
    RETURNING id
)
INSERT INTO must
SELECT 'every listed payment was there and is deleted',
       (SELECT count(*) FROM gone)
       = cardinality(string_to_array(:'wrong', ','));

-- New rows must not collide with the ones put back; never set a number lower.
SELECT setval('orders_id_seq', greatest(
           (SELECT max(id) FROM orders),
           (SELECT last_value FROM orders_id_seq))) AS next_order,
       setval('order_lines_id_seq', greatest(
           (SELECT max(id) FROM order_lines),
           (SELECT last_value FROM order_lines_id_seq))) AS next_line,
       setval('payments_id_seq', greatest(
           (SELECT max(id) FROM payments),
           (SELECT last_value FROM payments_id_seq))) AS next_payment \gset

INSERT INTO must VALUES
    ('orders equal the copy', NOT EXISTS (
        SELECT * FROM dr_stage.orders EXCEPT SELECT * FROM orders)),
    ('order lines equal the copy', NOT EXISTS (
        SELECT * FROM dr_stage.order_lines EXCEPT SELECT * FROM order_lines)),
    ('payments equal the copy', NOT EXISTS (
        SELECT * FROM dr_stage.payments EXCEPT SELECT * FROM payments)),
    ('every total is the sum of its lines', NOT EXISTS (
        SELECT FROM orders o WHERE total_cents IS DISTINCT FROM
        (SELECT sum(quantity * price_cents) FROM order_lines
         WHERE order_id = o.id)));
COMMIT;
SELECT 'merged';
ANALYZE orders, order_lines, payments;
