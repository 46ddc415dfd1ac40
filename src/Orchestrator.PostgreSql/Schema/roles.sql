-- Four group roles: who migrates, who runs projections, who appends, who looks. Run it as a superuser (or as the tables' owner with CREATEROLE) in the database, behind the migrations, and again behind
-- each later one: it can run again without harm. Then make your users members: GRANT orchestrator_worker, orchestrator_appender TO my_application;
-- It grants nothing on your own tables: a projection's user needs its rights on what it writes.

DO $$
DECLARE
  role   text;
  schema text := (SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = '"events"'::regclass);
BEGIN
  FOREACH role IN ARRAY ARRAY['orchestrator_migrator', 'orchestrator_worker', 'orchestrator_appender', 'orchestrator_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', role);
    END IF;
    EXECUTE format('GRANT USAGE ON SCHEMA %s TO %I', schema, role);
  END LOOP;
  EXECUTE format('GRANT CREATE ON SCHEMA %s TO orchestrator_migrator', schema);
  -- How far the log goes; not the right to draw or set a position.
  EXECUTE format('GRANT SELECT ON SEQUENCE %s TO orchestrator_worker, orchestrator_reader', pg_get_serial_sequence('"events"', 'global_position'));
END
$$;

-- The migrator owns the tables: only an owner may change them. What it creates must be its own too, so its users connect with Options=-c role=orchestrator_migrator.
ALTER TABLE "events" OWNER TO orchestrator_migrator;
ALTER TABLE "aggregate_heads" OWNER TO orchestrator_migrator;
ALTER TABLE "projection_checkpoints" OWNER TO orchestrator_migrator;
ALTER TABLE "orchestrator_replica_sets" OWNER TO orchestrator_migrator;
ALTER TABLE "orchestrator_generations" OWNER TO orchestrator_migrator;
ALTER TABLE "orchestrator_workers" OWNER TO orchestrator_migrator;
ALTER TABLE "orchestrator_heartbeats" OWNER TO orchestrator_migrator;
ALTER TABLE "orchestrator_workflow_runs" OWNER TO orchestrator_migrator;
ALTER TABLE "orchestrator_workflow_journal" OWNER TO orchestrator_migrator;
ALTER TABLE "orchestrator_migrations" OWNER TO orchestrator_migrator;
ALTER FUNCTION "events_announce_append"() OWNER TO orchestrator_migrator;

-- The worker runs projections: reads the log, moves checkpoints, agrees with the others. All workers of a replica set need the same user or be members of each other's: the leader ends the sessions of the dead.
GRANT SELECT ON "orchestrator_migrations", "events" TO orchestrator_worker;
GRANT SELECT, INSERT, UPDATE ON "orchestrator_replica_sets", "orchestrator_generations" TO orchestrator_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON "projection_checkpoints", "orchestrator_workers", "orchestrator_heartbeats" TO orchestrator_worker;
-- It runs workflows, too, and adds to their journal.
GRANT SELECT, INSERT, UPDATE ON "orchestrator_workflow_runs" TO orchestrator_worker;
GRANT SELECT, INSERT ON "orchestrator_workflow_journal" TO orchestrator_worker;

-- The appender inserts events. No position, no update, no deletion: a position supplied by hand could hide an event from readers.
GRANT SELECT ON "events" TO orchestrator_appender;
GRANT INSERT (
  aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload,
  trace_id, correlation_id, causation_id, metadata, created_at) ON "events" TO orchestrator_appender;
GRANT SELECT, INSERT, UPDATE ON "aggregate_heads" TO orchestrator_appender;

-- The reader sees where everything stands, and when events were created, to tell how late a projection is; nothing else of an event.
GRANT SELECT ON
  "projection_checkpoints", "orchestrator_replica_sets", "orchestrator_generations", "orchestrator_workers", "orchestrator_heartbeats", "orchestrator_migrations"
  TO orchestrator_reader;
GRANT SELECT (global_position, created_at) ON "events" TO orchestrator_reader;
-- Of workflows it sees how far they are, and neither payloads nor responses.
GRANT SELECT (
  run_id, workflow, request_id, tenant_id, organization_id, definition_hash, status, in_background, claim_token, claimed_by, claim_expires_at, created_at, finished_at)
  ON "orchestrator_workflow_runs" TO orchestrator_reader;
GRANT SELECT (run_id, number, claim_token, kind, service, attempt, error, because_of, warnings, recorded_at) ON "orchestrator_workflow_journal" TO orchestrator_reader;
