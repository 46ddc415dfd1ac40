-- What happened in request $2 of workflow $1, without responses, which a reader may not read. No row: no such run; a row without a number: nothing yet.
SELECT run.status, entry.number, entry.kind, entry.service, entry.attempt, coalesce(entry.error, entry.because_of), entry.warnings, entry.recorded_at
FROM "orchestrator_workflow_runs" AS run LEFT JOIN "orchestrator_workflow_journal" AS entry ON entry.run_id = run.run_id
WHERE run.workflow = $1 AND run.request_id = $2
ORDER BY entry.number
