-- The row of a worker that has no session of its own, and lives by its heartbeat alone: session_pid 0.
INSERT INTO "orchestrator_workers"
  (worker_id, replica_set, projections, host_name, process_id, application_version, lanes, state, session_pid, session_backend_start)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, now())
