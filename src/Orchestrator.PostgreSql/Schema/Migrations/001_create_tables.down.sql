-- Drops everything that 001_create_tables.up.sql created, the event log included: there is no way back but a backup. An adopted log stays, with its heads.

DROP TABLE IF EXISTS "projection_checkpoints";
DROP TABLE IF EXISTS "orchestrator_heartbeats";
DROP TABLE IF EXISTS "orchestrator_workers";
DROP TABLE IF EXISTS "orchestrator_generations";
DROP TABLE IF EXISTS "orchestrator_replica_sets";

DO $$
DECLARE
  is_adopted boolean := false;
BEGIN
  IF to_regclass('"orchestrator_migrations"') IS NOT NULL THEN
    is_adopted := EXISTS (SELECT FROM "orchestrator_migrations" WHERE version = 0);
  END IF;
  IF is_adopted THEN
    DELETE FROM "orchestrator_migrations" WHERE version > 0;
    RETURN;
  END IF;
  -- Without our trigger it is a log that was let go of, or one that was never ours.
  IF EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass('"events"') AND tgname = 'announce_append') THEN
    DROP TABLE IF EXISTS "aggregate_heads";
    DROP TABLE IF EXISTS "events";
    DROP FUNCTION IF EXISTS "events_announce_append"();
  END IF;
  DROP TABLE IF EXISTS "orchestrator_migrations";
END
$$;
