UPDATE "orchestrator_generations" SET state = 'active', activated_at = clock_timestamp() WHERE replica_set = $1 AND generation_id = $2
