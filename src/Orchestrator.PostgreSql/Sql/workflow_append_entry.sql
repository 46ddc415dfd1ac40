-- Writes an entry under claim $2 of run $1. No row: the claim is over, and nothing was written. The lock makes whoever takes the run over wait for this entry, or this entry see that it was taken.
WITH held AS MATERIALIZED (
  SELECT run_id FROM "orchestrator_workflow_runs" WHERE run_id = $1 AND claim_token = $2 AND status = 'running' FOR SHARE
), written AS (
  INSERT INTO "orchestrator_workflow_journal" (run_id, claim_token, number, kind, service, attempt, response, error, because_of, warnings)
  SELECT run_id, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM held
  ON CONFLICT (run_id, number) DO NOTHING
  RETURNING recorded_at
)
SELECT coalesce((SELECT recorded_at FROM written), (SELECT recorded_at FROM "orchestrator_workflow_journal" WHERE run_id = $1 AND number = $3)) FROM held
