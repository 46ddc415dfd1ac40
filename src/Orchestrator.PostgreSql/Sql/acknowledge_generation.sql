-- Worker $1 runs nothing any more under a generation older than $2.
UPDATE "orchestrator_workers" SET generation_id = $2 WHERE worker_id = $1 AND generation_id < $2
