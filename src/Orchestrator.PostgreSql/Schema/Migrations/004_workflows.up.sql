-- Workflows: the runs and what happened in them. Runs as it stands in psql, and is safe to run again.

CREATE TABLE IF NOT EXISTS "orchestrator_workflow_runs" (
  run_id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workflow         text        NOT NULL,
  request_id       text        NOT NULL,
  tenant_id        text,
  organization_id  text,
  -- Kept as it was written, to tell another request from the same one.
  payload          json,
  definition_hash  text        NOT NULL,
  status           text        NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'succeeded', 'failed')),
  in_background    boolean     NOT NULL DEFAULT false,
  claim_token      bigint      NOT NULL DEFAULT 0,
  claimed_by       text,
  claim_expires_at timestamptz,
  created_at       timestamptz NOT NULL DEFAULT now(),
  finished_at      timestamptz,
  CONSTRAINT "orchestrator_workflow_runs_request_key" UNIQUE (workflow, request_id)
) WITH (fillfactor = 80);

-- What an executor looks for: few rows, however many runs have ended.
CREATE INDEX IF NOT EXISTS "orchestrator_workflow_runs_waiting" ON "orchestrator_workflow_runs" (workflow, run_id) WHERE status = 'running' AND in_background;

CREATE TABLE IF NOT EXISTS "orchestrator_workflow_journal" (
  run_id      bigint      NOT NULL REFERENCES "orchestrator_workflow_runs" ON DELETE CASCADE,
  number      integer     NOT NULL,
  -- Which claim wrote it: rises with the numbers, whatever hosts freeze and come back.
  claim_token bigint      NOT NULL,
  kind        text        NOT NULL CHECK (kind IN ('started', 'retrying', 'succeeded', 'failed', 'skipped', 'reset')),
  service     text,
  attempt     integer     NOT NULL,
  response    json,
  error       text,
  because_of  text,
  warnings    text[]      NOT NULL DEFAULT '{}',
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (run_id, number)
);

-- No service succeeds twice, whatever goes wrong elsewhere.
CREATE UNIQUE INDEX IF NOT EXISTS "orchestrator_workflow_journal_one_success" ON "orchestrator_workflow_journal" (run_id, service) WHERE kind = 'succeeded';

INSERT INTO "orchestrator_migrations" (version, name) VALUES (4, 'workflows') ON CONFLICT (version) DO NOTHING;
