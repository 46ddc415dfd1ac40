-- Whatever went before: the generation that was active, and the stamps of workers that had partitions set by hand and are gone.
UPDATE "orchestrator_generations" SET state = 'superseded', superseded_at = clock_timestamp() WHERE replica_set = $1 AND state IN ('active', 'static')
