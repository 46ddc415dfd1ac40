-- The stamp of worker $2's partition, one of $3 that are set by hand.
INSERT INTO "orchestrator_generations" (replica_set, state, total_partitions, members, leader_id, reason, activated_at)
VALUES ($1, 'static', $3, ARRAY[$2], $2, $4, clock_timestamp())
RETURNING generation_id
