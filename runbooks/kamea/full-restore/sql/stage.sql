SET client_min_messages = warning;
CREATE SCHEMA IF NOT EXISTS dr_stage;
CREATE SCHEMA IF NOT EXISTS dr_before;
DROP TABLE IF EXISTS dr_stage.:"table", dr_before.:"table";
CREATE TABLE dr_stage.:"table" (LIKE public.:"table" INCLUDING GENERATED);
CREATE TABLE dr_before.:"table" AS TABLE public.:"table";
