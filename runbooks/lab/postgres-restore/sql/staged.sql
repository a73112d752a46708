-- How many rows each staging table holds; `none` while the schema is missing.
\set ON_ERROR_STOP 1
SELECT to_regclass('dr_stage.payments') IS NOT NULL AS there \gset
\if :there
SELECT concat_ws(' ', (SELECT count(*) FROM dr_stage.orders),
                      (SELECT count(*) FROM dr_stage.order_lines),
                      (SELECT count(*) FROM dr_stage.payments));
\else
\echo none
\endif
