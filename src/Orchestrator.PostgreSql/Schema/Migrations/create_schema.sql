-- Not CREATE SCHEMA IF NOT EXISTS: that asks for the right to create schemas also where there is nothing to create.
DO $$
BEGIN
  IF to_regnamespace('"orchestrator_schema"') IS NULL THEN
    CREATE SCHEMA "orchestrator_schema";
  END IF;
END
$$;
