-- Ends run $1 under claim $2; again, if the first answer was lost. No row: the claim is over.
UPDATE "orchestrator_workflow_runs" SET status = $3, finished_at = clock_timestamp(), claim_expires_at = NULL
WHERE run_id = $1 AND claim_token = $2 AND status IN ('running', $3)
RETURNING run_id
