-- yes: the merge was committed · no: it was not. Nothing lies between.
SELECT CASE WHEN to_regclass('dr_before.payments') IS NULL
            THEN 'no' ELSE 'yes' END;
