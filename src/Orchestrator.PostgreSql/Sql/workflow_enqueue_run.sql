-- Begins a run that executors look for, in a projection's transaction, unless it is known.
INSERT INTO "orchestrator_workflow_runs" (workflow, request_id, payload, definition_hash, in_background)
VALUES ($1, $2, $3, $4, true)
ON CONFLICT (workflow, request_id) DO NOTHING
