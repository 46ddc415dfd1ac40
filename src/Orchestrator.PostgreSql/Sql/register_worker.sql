-- The worker's row, with the control session that it lives by.
INSERT INTO "orchestrator_workers"
  (worker_id, replica_set, projections, host_name, process_id, application_version, lanes, state, session_pid, session_backend_start)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, pg_backend_pid(), coalesce((SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()), now()))
