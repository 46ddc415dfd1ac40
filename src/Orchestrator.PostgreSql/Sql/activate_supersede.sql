UPDATE "orchestrator_generations" SET state = 'superseded', superseded_at = clock_timestamp() WHERE replica_set = $1 AND state = 'active'
