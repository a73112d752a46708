-- A report that leaves its transaction open between two looks, as the
-- forgotten ones do. It is such a session that makes a restore hang.
SET client_min_messages = error;
COMMIT;
BEGIN;
SELECT count(*), sum(total_cents) FROM orders;
