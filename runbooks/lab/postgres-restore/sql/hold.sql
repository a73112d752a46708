-- Nobody writes between the referee's checksums and the damage: the locks
-- last until the one transaction around both ends.
LOCK TABLE customers, products, orders, order_lines, payments
    IN SHARE ROW EXCLUSIVE MODE;
