-- A run.
SELECT workflow, request_id, tenant_id, organization_id, payload::text, definition_hash, status
FROM "orchestrator_workflow_runs"
WHERE workflow = $1 AND request_id = $2
