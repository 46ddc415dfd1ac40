-- Partitions set by hand: a worker that takes one gets a stamp of its own, a row of generations in the state 'static' with that worker alone. Any number of
-- them live side by side, so only forming and active generations stay unique. Runs as it stands in psql, and is safe to run again.

-- The rules of 001_create_tables have names of PostgreSQL's making: they are found by their table.
DO $$
DECLARE
  rule record;
BEGIN
  FOR rule IN SELECT conname FROM pg_catalog.pg_constraint WHERE conrelid = to_regclass('"orchestrator_generations"') AND contype = 'c' LOOP
    EXECUTE format('ALTER TABLE "orchestrator_generations" DROP CONSTRAINT %I', rule.conname);
  END LOOP;
  FOR rule IN SELECT indexrelid::regclass AS name FROM pg_catalog.pg_index
    WHERE indrelid = to_regclass('"orchestrator_generations"') AND indisunique AND indpred IS NOT NULL LOOP
    EXECUTE format('DROP INDEX %s', rule.name);
  END LOOP;
END
$$;

ALTER TABLE "orchestrator_generations"
  ADD CONSTRAINT "orchestrator_generations_states" CHECK (state IN ('forming', 'active', 'static', 'superseded')),
  -- One worker holds one of the partitions that are set by hand; a generation of the coordinated kind has a worker for each of its own.
  ADD CONSTRAINT "orchestrator_generations_partitions" CHECK (
    cardinality(members) BETWEEN 1 AND total_partitions AND (state NOT IN ('forming', 'active') OR cardinality(members) = total_partitions));

CREATE UNIQUE INDEX IF NOT EXISTS "orchestrator_generations_one_live" ON "orchestrator_generations" (replica_set, state) WHERE state IN ('forming', 'active');
CREATE INDEX IF NOT EXISTS "orchestrator_generations_static" ON "orchestrator_generations" (replica_set) WHERE state = 'static';

INSERT INTO "orchestrator_migrations" (version, name) VALUES (2, 'static_partitions') ON CONFLICT (version) DO NOTHING;
