-- Every projection that has checkpoints: the position that all of its rows have reached, for how long the hindmost has not moved, and how many slots nobody owns who is registered.
SELECT
  c.replica_set,
  c.projection_name,
  min(c.position)                                                                                                  AS position,
  extract(epoch FROM clock_timestamp() - (array_agg(c.updated_at ORDER BY c.position, c.updated_at))[1])::double precision AS unmoved_seconds,
  coalesce(sum(c.slot_to - c.slot_from) FILTER (WHERE w.worker_id IS NULL), 0)::integer                            AS unowned_slots
FROM "projection_checkpoints" AS c
LEFT JOIN "orchestrator_workers" AS w ON w.worker_id = c.worker_id
GROUP BY c.replica_set, c.projection_name
ORDER BY c.replica_set, c.projection_name
