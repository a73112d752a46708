-- The smoke test's order: the only new one with a single line; 0 without it.
SELECT COALESCE(max(order_id), 0) FROM (
    SELECT order_id FROM order_lines WHERE order_id > 20000
    GROUP BY order_id HAVING count(*) = 1) AS single;
