-- What worker $2 needs to know of replica set $1. The member lists stay in the server: the answer is as short for a thousand workers as for one.
SELECT
  EXISTS (SELECT FROM "orchestrator_workers" w WHERE w.worker_id = $2) AS registered,
  active.generation_id AS active_id, active.total_partitions AS active_total, array_position(active.members, $2) - 1 AS active_partition, active.strategy AS active_strategy,
  forming.generation_id AS forming_id, forming.total_partitions AS forming_total, array_position(forming.members, $2) - 1 AS forming_partition, forming.strategy AS forming_strategy,
  leader.worker_id AS leader_id, heartbeat.sequence AS leader_sequence,
  EXISTS (
    SELECT FROM "orchestrator_generations" g JOIN "orchestrator_workers" w ON w.worker_id = ANY (g.members)
    WHERE g.replica_set = $1 AND g.state = 'static') AS static_owners
FROM "orchestrator_replica_sets" s
LEFT JOIN "orchestrator_generations" active ON active.replica_set = s.replica_set AND active.state = 'active'
LEFT JOIN "orchestrator_generations" forming ON forming.replica_set = s.replica_set AND forming.state = 'forming'
LEFT JOIN "orchestrator_workers" leader ON leader.worker_id = s.leader_id
LEFT JOIN "orchestrator_heartbeats" heartbeat ON heartbeat.worker_id = leader.worker_id
WHERE s.replica_set = $1
