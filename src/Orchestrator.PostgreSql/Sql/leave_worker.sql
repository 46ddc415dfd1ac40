DELETE FROM "orchestrator_workers" WHERE worker_id = $1
