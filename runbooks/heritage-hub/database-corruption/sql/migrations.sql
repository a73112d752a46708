-- The migrations that were applied to their end; none where Prisma never ran.
SELECT to_regclass('"_prisma_migrations"') IS NOT NULL AS kept \gset
\if :kept
SELECT migration_name FROM "_prisma_migrations"
WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1;
\endif
