-- What the merge will do, before it does it.
--   missing   in the copy, not here: put back
--   changed   in both, not equal: set to the copy's row
--   touched   changed, but not by the release: somebody's good work, and
--             setting it back would be a second damage
--   unknown   here with an old number, not in the copy: nobody's row
SELECT json_build_object(
    'missing_orders', (SELECT count(*) FROM dr_stage.orders s
        LEFT JOIN public.orders p USING (id) WHERE p.id IS NULL),
    'missing_lines', (SELECT count(*) FROM dr_stage.order_lines s
        LEFT JOIN public.order_lines p USING (id) WHERE p.id IS NULL),
    'missing_payments', (SELECT count(*) FROM dr_stage.payments s
        LEFT JOIN public.payments p USING (id) WHERE p.id IS NULL),
    'changed_orders', (SELECT count(*) FROM dr_stage.orders s
        JOIN public.orders p USING (id) WHERE p IS DISTINCT FROM s),
    'changed_lines', (SELECT count(*) FROM dr_stage.order_lines s
        JOIN public.order_lines p USING (id) WHERE p IS DISTINCT FROM s),
    'changed_payments', (SELECT count(*) FROM dr_stage.payments s
        JOIN public.payments p USING (id) WHERE p IS DISTINCT FROM s),
    'touched', (SELECT count(*) FROM dr_stage.orders s
        JOIN public.orders p USING (id)
        WHERE p IS DISTINCT FROM s AND p.changed_by <> 'release-41')
      + (SELECT count(*) FROM dr_stage.payments s
        JOIN public.payments p USING (id)
        WHERE p IS DISTINCT FROM s AND p.changed_by <> 'release-41'),
    'unknown', (SELECT count(*) FROM public.orders p
        LEFT JOIN dr_stage.orders s USING (id)
        WHERE s.id IS NULL AND p.id <= (SELECT max(id) FROM dr_stage.orders))
      + (SELECT count(*) FROM public.order_lines p
        LEFT JOIN dr_stage.order_lines s USING (id)
        WHERE s.id IS NULL
          AND p.id <= (SELECT max(id) FROM dr_stage.order_lines))
      + (SELECT count(*) FROM public.payments p
        LEFT JOIN dr_stage.payments s USING (id)
        WHERE s.id IS NULL
          AND p.id <= (SELECT max(id) FROM dr_stage.payments)));
