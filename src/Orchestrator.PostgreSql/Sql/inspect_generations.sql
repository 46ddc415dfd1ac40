-- What is not over of replica set $1, or of all of them where that is null. The stamp of a partition that is set by hand outlives its worker: it counts while that is registered.
SELECT g.replica_set, g.generation_id, g.state, g.total_partitions, g.members, g.leader_id, g.strategy, g.reason, g.created_at, g.activated_at, g.superseded_at
FROM "orchestrator_generations" AS g
WHERE ($1::text IS NULL OR g.replica_set = $1)
  AND (g.state IN ('forming', 'active') OR g.state = 'static' AND EXISTS (SELECT FROM "orchestrator_workers" AS w WHERE w.worker_id = g.members[1]))
ORDER BY g.generation_id
