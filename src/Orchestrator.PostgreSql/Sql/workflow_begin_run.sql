-- Begins a run, unless it is known.
INSERT INTO "orchestrator_workflow_runs" (workflow, request_id, tenant_id, organization_id, payload, definition_hash)
SELECT $1, $2, $3, $4, $5, $6
WHERE NOT EXISTS (SELECT FROM "orchestrator_workflow_runs" WHERE workflow = $1 AND request_id = $2)
ON CONFLICT (workflow, request_id) DO NOTHING
