-- The strategy Rolling: a generation says how it comes to own the slots, so that workers which are configured otherwise follow it too. Runs as it stands in psql, and is safe to run again.

ALTER TABLE "orchestrator_generations"
  ADD COLUMN IF NOT EXISTS strategy text NOT NULL DEFAULT 'recreate' CONSTRAINT "orchestrator_generations_strategies" CHECK (strategy IN ('recreate', 'rolling'));

INSERT INTO "orchestrator_migrations" (version, name) VALUES (3, 'rolling_strategy') ON CONFLICT (version) DO NOTHING;
