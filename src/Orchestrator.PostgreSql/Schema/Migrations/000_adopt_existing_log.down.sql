-- Lets go of an adopted log: its trigger and the trigger's function. Its rows, its keys, its identity and the heads stay. Run it behind the down files of the later migrations.

DO $$
BEGIN
  IF to_regclass('"orchestrator_migrations"') IS NOT NULL THEN
    -- Without the row of version 0, 001_create_tables.down.sql would take the log for its own and drop it.
    IF EXISTS (SELECT FROM "orchestrator_migrations" WHERE version > 0) THEN
      RAISE EXCEPTION 'Later migrations are still applied. Run their down files first, the last one first.';
    END IF;
    DROP TABLE "orchestrator_migrations";
  END IF;
  IF to_regclass('"events"') IS NOT NULL THEN
    DROP TRIGGER IF EXISTS announce_append ON "events";
  END IF;
END
$$;

DROP FUNCTION IF EXISTS "events_announce_append"();
