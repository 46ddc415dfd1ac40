-- Gives claim $2 of run $1 back.
UPDATE "orchestrator_workflow_runs" SET claim_expires_at = NULL
WHERE run_id = $1 AND claim_token = $2 AND status = 'running'
