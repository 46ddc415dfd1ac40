-- Every replica set: for how long a generation has been forming, how many were formed within the last ten minutes, and why the last three were. Stamps of partitions set by hand do not count.
SELECT
  s.replica_set,
  extract(epoch FROM clock_timestamp() - forming.created_at)::double precision AS forming_seconds,
  coalesce(recent.generations, 0)::integer                                     AS generations,
  coalesce(recent.reasons, '{}')                                               AS reasons
FROM "orchestrator_replica_sets" AS s
LEFT JOIN "orchestrator_generations" AS forming ON forming.replica_set = s.replica_set AND forming.state = 'forming'
LEFT JOIN LATERAL (
  SELECT count(*) AS generations, (array_agg(g.reason ORDER BY g.generation_id DESC))[1:3] AS reasons
  FROM "orchestrator_generations" AS g
  WHERE g.replica_set = s.replica_set AND g.created_at > now() - interval '10 minutes' AND g.state <> 'static'
) AS recent ON true
ORDER BY s.replica_set
