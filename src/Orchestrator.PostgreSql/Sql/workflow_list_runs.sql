-- The newest runs, of workflow $1 (null: of all) and with status $2 (null: any), up to $3; and what time it is.
SELECT workflow, request_id, status, in_background, claim_token, CASE WHEN claim_expires_at > clock_timestamp() THEN claimed_by END, created_at, finished_at, clock_timestamp()
FROM "orchestrator_workflow_runs"
WHERE ($1::text IS NULL OR workflow = $1) AND ($2::text IS NULL OR status = $2)
ORDER BY run_id DESC
LIMIT $3
