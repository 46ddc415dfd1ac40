-- What must still be true when replica set $1 forms a generation of the members $2.
SELECT
  (SELECT generation_id FROM "orchestrator_generations" WHERE replica_set = $1 AND state = 'active') AS active_id,
  (SELECT generation_id FROM "orchestrator_generations" WHERE replica_set = $1 AND state = 'forming') AS forming_id,
  (SELECT count(*) FROM "orchestrator_workers" WHERE replica_set = $1 AND worker_id = ANY ($2)) AS registered,
  (SELECT count(*) FROM "orchestrator_workers" WHERE replica_set = $1 AND state = 'static' AND generation_id > 0) AS static_owners
