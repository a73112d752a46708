-- One line for each table: name, rows, highest id, checksum over all rows in
-- order. With a highest id given (-v orders=…), only rows up to it count.
SET TimeZone = 'UTC';
\if :{?orders}
\else
    \set customers 9223372036854775807
    \set products 9223372036854775807
    \set orders 9223372036854775807
    \set order_lines 9223372036854775807
    \set payments 9223372036854775807
\endif
SELECT 'customers', count(*), max(id),
       md5(string_agg(md5(t::text), '' ORDER BY id))
FROM customers t WHERE id <= :customers;
SELECT 'products', count(*), max(id),
       md5(string_agg(md5(t::text), '' ORDER BY id))
FROM products t WHERE id <= :products;
SELECT 'orders', count(*), max(id),
       md5(string_agg(md5(t::text), '' ORDER BY id))
FROM orders t WHERE id <= :orders;
SELECT 'order_lines', count(*), max(id),
       md5(string_agg(md5(t::text), '' ORDER BY id))
FROM order_lines t WHERE id <= :order_lines;
SELECT 'payments', count(*), max(id),
       md5(string_agg(md5(t::text), '' ORDER BY id))
FROM payments t WHERE id <= :payments;
