-- Back to generations alone. Stop every worker first: partitions set by hand lose their stamps, and the checkpoints keep their positions.

DO $$
DECLARE
  rule record;
BEGIN
  IF to_regclass('"orchestrator_generations"') IS NULL THEN
    RETURN;
  END IF;
  FOR rule IN SELECT conname FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"orchestrator_generations"') AND contype = 'c' LOOP
    EXECUTE format('ALTER TABLE "orchestrator_generations" DROP CONSTRAINT %I', rule.conname);
  END LOOP;
  FOR rule IN SELECT indexrelid::regclass AS name FROM pg_catalog.pg_index
    WHERE indrelid = to_regclass('"orchestrator_generations"') AND NOT indisprimary AND indpred IS NOT NULL LOOP
    EXECUTE format('DROP INDEX %s', rule.name);
  END LOOP;

  UPDATE "orchestrator_generations" SET state = 'superseded', superseded_at = clock_timestamp() WHERE state = 'static';
  UPDATE "orchestrator_generations" SET total_partitions = cardinality(members) WHERE total_partitions <> cardinality(members);
  ALTER TABLE "orchestrator_generations"
    ADD CONSTRAINT "orchestrator_generations_states" CHECK (state IN ('forming', 'active', 'superseded')),
    ADD CONSTRAINT "orchestrator_generations_partitions" CHECK (total_partitions = cardinality(members) AND total_partitions > 0);
  CREATE UNIQUE INDEX "orchestrator_generations_one_live" ON "orchestrator_generations" (replica_set, state) WHERE state <> 'superseded';
  DELETE FROM "orchestrator_migrations" WHERE version = 2;
END
$$;
