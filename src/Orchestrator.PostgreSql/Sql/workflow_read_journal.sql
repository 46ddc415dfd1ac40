-- What happened in a run, in order.
SELECT entry.number, entry.kind, entry.service, entry.attempt, entry.response::text, entry.error, entry.because_of, entry.warnings, entry.recorded_at
FROM "orchestrator_workflow_journal" AS entry JOIN "orchestrator_workflow_runs" AS run ON run.run_id = entry.run_id
WHERE run.workflow = $1 AND run.request_id = $2
ORDER BY entry.number
