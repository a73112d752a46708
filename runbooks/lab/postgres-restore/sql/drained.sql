-- true when nobody has bought anything for two seconds.
SELECT clock_timestamp() - max(placed_at) > interval '2 s' FROM orders;
