-- Extends claim $2 of run $1 by $3, counted from now. No row: the claim is over.
UPDATE "orchestrator_workflow_runs" SET claim_expires_at = clock_timestamp() + $3
WHERE run_id = $1 AND claim_token = $2 AND status = 'running'
RETURNING run_id
