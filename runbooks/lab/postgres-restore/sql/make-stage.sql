-- On the damaged server: empty tables of the same shape, with the key that
-- comparing and merging need, and nothing else that could fire.
BEGIN;
CREATE SCHEMA dr_stage;
CREATE TABLE dr_stage.orders (LIKE public.orders, PRIMARY KEY (id));
CREATE TABLE dr_stage.order_lines (LIKE public.order_lines, PRIMARY KEY (id));
CREATE TABLE dr_stage.payments (LIKE public.payments, PRIMARY KEY (id));
COMMIT;
SELECT 'made';
