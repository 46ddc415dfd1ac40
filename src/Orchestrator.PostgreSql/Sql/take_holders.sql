-- Who but worker $2 owns anything of replica set $1: members of a coordinated generation, and workers whose partitions are set by hand. Only who is registered.
SELECT w.worker_id, w.host_name, w.process_id, g.state = 'static' AS static, w.partition_key, g.total_partitions
FROM "orchestrator_generations" g JOIN "orchestrator_workers" w ON w.worker_id = ANY (g.members)
WHERE g.replica_set = $1 AND g.state IN ('forming', 'active', 'static') AND w.worker_id <> $2
ORDER BY w.started_at, w.worker_id
