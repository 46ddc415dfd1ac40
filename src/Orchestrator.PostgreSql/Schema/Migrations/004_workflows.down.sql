-- Back to no workflows: their runs and journals are gone.

DROP TABLE IF EXISTS "orchestrator_workflow_journal";
DROP TABLE IF EXISTS "orchestrator_workflow_runs";

DO $$
BEGIN
  IF to_regclass('"orchestrator_migrations"') IS NOT NULL THEN
    DELETE FROM "orchestrator_migrations" WHERE version = 4;
  END IF;
END
$$;
