-- How many slots of which projections have no registered owner, where no generation is forming that would give them one.
SELECT c.replica_set, c.projection_name, sum(c.slot_to - c.slot_from)::integer
FROM "projection_checkpoints" AS c
WHERE NOT EXISTS (SELECT FROM "orchestrator_workers" AS w WHERE w.worker_id = c.worker_id)
  AND NOT EXISTS (SELECT FROM "orchestrator_generations" AS g WHERE g.replica_set = c.replica_set AND g.state = 'forming')
GROUP BY c.replica_set, c.projection_name
ORDER BY c.replica_set, c.projection_name
