-- The newest $2 generations of replica set $1, or of all of them where that is null.
SELECT replica_set, generation_id, state, total_partitions, members, leader_id, strategy, reason, created_at, activated_at, superseded_at
FROM "orchestrator_generations"
WHERE $1::text IS NULL OR replica_set = $1
ORDER BY generation_id DESC
LIMIT $2
