-- The event log, the checkpoints and the tables that workers agree in. Runs as it stands in psql; when the library runs it, the quoted names are
-- replaced by the configured ones. Safe to run again. It belongs in one transaction (psql --single-transaction).

CREATE TABLE IF NOT EXISTS "orchestrator_migrations" (
  version    integer     NOT NULL PRIMARY KEY,
  name       text        NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS "events" (
  global_position   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  aggregate_type    text        NOT NULL,
  aggregate_id      "text"      NOT NULL,
  aggregate_version bigint      NOT NULL CHECK (aggregate_version > 0),
  event_id          uuid        NOT NULL,
  event_type        text        NOT NULL,
  event_version     integer     NOT NULL DEFAULT 1,
  payload           bytea       NOT NULL,
  trace_id          uuid,
  correlation_id    uuid,
  causation_id      uuid,
  metadata          jsonb,
  created_at        timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT "events_event_id_key" UNIQUE (event_id),
  CONSTRAINT "events_aggregate_version_key" UNIQUE (aggregate_type, aggregate_id, aggregate_version)
);

CREATE TABLE IF NOT EXISTS "aggregate_heads" (
  aggregate_type    text        NOT NULL,
  aggregate_id      "text"      NOT NULL,
  aggregate_version bigint      NOT NULL,
  updated_at        timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (aggregate_type, aggregate_id)
) WITH (fillfactor = 80);

-- Whoever holds a position that is not visible yet also holds this lock until the end of its transaction, so that a reader can tell a gap that will
-- still be filled from one that never will. A statement-level BEFORE trigger runs before the statement draws any position from the sequence.
CREATE OR REPLACE FUNCTION "events_announce_append"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_catalog.pg_advisory_xact_lock_shared(1330791256, TG_RELID::int);
  RETURN NULL;
END
$$;

CREATE OR REPLACE TRIGGER announce_append BEFORE INSERT ON "events"
  FOR EACH STATEMENT EXECUTE FUNCTION "events_announce_append"();
-- ALWAYS: fires under session_replication_role = replica too.
ALTER TABLE "events" ENABLE ALWAYS TRIGGER announce_append;

-- One row a replica set: the lock that serialises its transitions.
CREATE TABLE IF NOT EXISTS "orchestrator_replica_sets" (
  replica_set text        NOT NULL PRIMARY KEY,
  slot_count  integer     NOT NULL DEFAULT 32768,
  slot_probe  integer     NOT NULL DEFAULT (hashtextextended('orchestrator' COLLATE "C", 0) & 32767),
  leader_id   uuid,
  created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS "orchestrator_generations" (
  generation_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  replica_set      text        NOT NULL REFERENCES "orchestrator_replica_sets" (replica_set),
  state            text        NOT NULL CHECK (state IN ('forming', 'active', 'superseded')),
  total_partitions integer     NOT NULL,
  members          uuid[]      NOT NULL, -- the member at index k has partition k - 1
  leader_id        uuid        NOT NULL,
  reason           text        NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT now(),
  activated_at     timestamptz,
  superseded_at    timestamptz,
  CHECK (total_partitions = cardinality(members) AND total_partitions > 0)
);
-- At most one forming and one active generation a replica set, whatever the code does.
CREATE UNIQUE INDEX IF NOT EXISTS "orchestrator_generations_one_live" ON "orchestrator_generations" (replica_set, state) WHERE state <> 'superseded';
CREATE INDEX IF NOT EXISTS "orchestrator_generations_latest" ON "orchestrator_generations" (replica_set, generation_id);

CREATE TABLE IF NOT EXISTS "orchestrator_workers" (
  worker_id             uuid        NOT NULL PRIMARY KEY,
  replica_set           text        NOT NULL REFERENCES "orchestrator_replica_sets" (replica_set),
  generation_id         bigint      NOT NULL DEFAULT 0,  -- the newest one acknowledged
  partition_key         integer     NOT NULL DEFAULT -1, -- in the active generation; -1: none
  state                 text        NOT NULL DEFAULT 'ready',
  lanes                 integer     NOT NULL DEFAULT 1,
  projections           text[]      NOT NULL,
  host_name             text        NOT NULL,
  process_id            integer     NOT NULL,
  application_version   text        NOT NULL,
  session_pid           integer     NOT NULL,
  session_backend_start timestamptz NOT NULL,
  started_at            timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX IF NOT EXISTS "orchestrator_workers_by_set" ON "orchestrator_workers" (replica_set);

-- Updated in place with every heartbeat: no index but the key, and room in the page, so that every update is heap-only.
CREATE TABLE IF NOT EXISTS "orchestrator_heartbeats" (
  worker_id    uuid        NOT NULL PRIMARY KEY,
  replica_set  text        NOT NULL,
  sequence     bigint      NOT NULL DEFAULT 0,
  heartbeat_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS "projection_checkpoints" (
  replica_set     text        NOT NULL,
  projection_name text        NOT NULL,
  version         integer     NOT NULL DEFAULT 1,
  slot_from       integer     NOT NULL,
  slot_to         integer     NOT NULL,
  position        bigint      NOT NULL DEFAULT 0 CHECK (position >= 0),
  generation_id   bigint      NOT NULL,
  worker_id       uuid,                             -- null: no worker has the projection
  updated_at      timestamptz NOT NULL DEFAULT now(),
  -- Projection, version and slots as one range of integers: no two rows may overlap, whatever the code does. The hash of the names
  -- takes 46 bits and the slots 16, so that a range type, without an extension, can tell them apart.
  CHECK (slot_from >= 0 AND slot_to > slot_from AND slot_to <= 32768),
  PRIMARY KEY (replica_set, projection_name, version, slot_from),
  CONSTRAINT "projection_checkpoints_no_overlap" EXCLUDE USING gist (
    int8range(
      ((hashtextextended(replica_set || chr(1) || projection_name || chr(1) || version::text, 0) & 70368744177663) << 16) + slot_from,
      ((hashtextextended(replica_set || chr(1) || projection_name || chr(1) || version::text, 0) & 70368744177663) << 16) + slot_to) WITH &&)
    DEFERRABLE INITIALLY DEFERRED
) WITH (fillfactor = 50);

INSERT INTO "orchestrator_migrations" (version, name) VALUES (1, 'create_tables') ON CONFLICT (version) DO NOTHING;
