-- Back to one strategy. Stop every worker first. Checkpoints keep their positions, stamps and owners: the next generation takes them all over.

DO $$
BEGIN
  IF to_regclass('"orchestrator_generations"') IS NULL THEN
    RETURN;
  END IF;

  UPDATE "orchestrator_generations" SET state = 'superseded', superseded_at = clock_timestamp() WHERE state = 'forming';
  ALTER TABLE "orchestrator_generations" DROP COLUMN IF EXISTS strategy;
  DELETE FROM "orchestrator_migrations" WHERE version = 3;
END
$$;
