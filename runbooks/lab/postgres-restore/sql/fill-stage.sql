-- On the copy: the three damaged tables under a schema of their own, so that
-- the dump can never be loaded over live tables.
BEGIN;
CREATE SCHEMA dr_stage;
CREATE TABLE dr_stage.orders AS TABLE public.orders;
CREATE TABLE dr_stage.order_lines AS TABLE public.order_lines;
CREATE TABLE dr_stage.payments AS TABLE public.payments;
COMMIT;
SELECT 'staged';
