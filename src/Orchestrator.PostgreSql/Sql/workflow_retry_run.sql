-- Lets request $2 of workflow $1 be tried again, if it has failed: executors look for it from now on. No row: it has not failed, or there is no such run.
WITH again AS (
  UPDATE "orchestrator_workflow_runs" SET status = 'running', finished_at = NULL, in_background = true, claim_token = claim_token + 1, claimed_by = NULL, claim_expires_at = NULL
  WHERE workflow = $1 AND request_id = $2 AND status = 'failed'
  RETURNING run_id, claim_token
)
INSERT INTO "orchestrator_workflow_journal" AS entry (run_id, number, claim_token, kind, attempt)
SELECT run_id, (SELECT coalesce(max(number), 0) + 1 FROM "orchestrator_workflow_journal" AS earlier WHERE earlier.run_id = again.run_id), claim_token, 'reset', 0
FROM again
RETURNING entry.run_id
