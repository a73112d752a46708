-- One sale: an order, two lines, its payment, and all or nothing.
BEGIN;
WITH pick AS MATERIALIZED (
    SELECT 1 + floor(random() * 2000)::bigint AS customer_id,
           1 + floor(random() * 100)::bigint AS one,
           101 + floor(random() * 100)::bigint AS other
), cart AS (
    SELECT id AS product_id, 1 + id::int % 3 AS quantity, price_cents
    FROM products, pick WHERE id IN (one, other)
), placed AS (
    INSERT INTO orders (customer_id, total_cents)
    SELECT (SELECT customer_id FROM pick), sum(quantity * price_cents)
    FROM cart RETURNING id, total_cents
), lines AS (
    INSERT INTO order_lines (order_id, product_id, quantity, price_cents)
    SELECT placed.id, cart.* FROM placed, cart
)
INSERT INTO payments (order_id, amount_cents) SELECT * FROM placed;
COMMIT;
