-- Claims a run for $7, for $8 by the server's clock, where nobody has it and it is about the same request. One that has no entries takes the definition of whoever claims it.
UPDATE "orchestrator_workflow_runs" AS run
SET claim_token = claim_token + 1, claimed_by = $7, claim_expires_at = clock_timestamp() + $8, definition_hash = $6
WHERE workflow = $1 AND request_id = $2 AND status = 'running'
  AND (claim_expires_at IS NULL OR claim_expires_at <= clock_timestamp())
  AND tenant_id IS NOT DISTINCT FROM $3 AND organization_id IS NOT DISTINCT FROM $4 AND payload::text IS NOT DISTINCT FROM $5::text
  AND (definition_hash = $6 OR NOT EXISTS (SELECT FROM "orchestrator_workflow_journal" AS entry WHERE entry.run_id = run.run_id))
RETURNING run_id, claim_token
