-- Worker $1 has partition $2 under the stamp $3.
UPDATE "orchestrator_workers" SET partition_key = $2, generation_id = $3 WHERE worker_id = $1
