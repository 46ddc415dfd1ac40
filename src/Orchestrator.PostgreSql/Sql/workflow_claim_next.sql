-- Claims the oldest run of workflow $1 that waits for an executor with definition $2: never claimed, given back, or with a claim that has expired.
WITH next AS MATERIALIZED (
  SELECT run_id FROM "orchestrator_workflow_runs" AS run
  WHERE workflow = $1 AND status = 'running' AND in_background AND (claim_expires_at IS NULL OR claim_expires_at <= clock_timestamp())
    AND (definition_hash = $2 OR NOT EXISTS (SELECT FROM "orchestrator_workflow_journal" AS entry WHERE entry.run_id = run.run_id))
  ORDER BY run_id
  LIMIT 1
  FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE "orchestrator_workflow_runs" AS run
SET claim_token = claim_token + 1, claimed_by = $3, claim_expires_at = clock_timestamp() + $4, definition_hash = $2
FROM next WHERE run.run_id = next.run_id
RETURNING run.workflow, run.request_id, run.tenant_id, run.organization_id, run.payload::text, run.definition_hash, run.run_id, run.claim_token
