-- Puts the rows back as they were before the merge. Refuses when anybody has
-- written since: those rows would be lost.
BEGIN;
LOCK TABLE orders, order_lines, payments IN SHARE ROW EXCLUSIVE MODE;
CREATE TEMP TABLE must (what text, holds boolean NOT NULL CHECK (holds))
    ON COMMIT DROP;
INSERT INTO must VALUES ('nobody has sold anything since the merge',
    (SELECT max(id) FROM orders) = (SELECT max(id) FROM dr_before.orders));
DELETE FROM payments;
DELETE FROM order_lines;
DELETE FROM orders;
INSERT INTO orders SELECT * FROM dr_before.orders;
INSERT INTO order_lines SELECT * FROM dr_before.order_lines;
INSERT INTO payments SELECT * FROM dr_before.payments;
DROP SCHEMA dr_before CASCADE;
COMMIT;
SELECT 'put back';
