-- What is over by the taking of a partition of replica set $1: generations of which no member is registered any more, and an older stamp of worker $2.
UPDATE "orchestrator_generations" g SET state = 'superseded', superseded_at = clock_timestamp()
WHERE g.replica_set = $1 AND g.state IN ('forming', 'active', 'static')
  AND (g.members = ARRAY[$2] OR NOT EXISTS (SELECT FROM "orchestrator_workers" w WHERE w.worker_id = ANY (g.members)))
