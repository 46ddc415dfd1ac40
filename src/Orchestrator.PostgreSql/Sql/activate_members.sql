-- The members of generation $2 in the order of their partitions, if it still is the forming one. No projections: the member is not registered any more.
SELECT m.worker_id, w.projections, w.lanes
FROM "orchestrator_generations" g
CROSS JOIN unnest(g.members) WITH ORDINALITY AS m (worker_id, number)
LEFT JOIN "orchestrator_workers" w ON w.worker_id = m.worker_id
WHERE g.replica_set = $1 AND g.generation_id = $2 AND g.state = 'forming'
ORDER BY m.number
