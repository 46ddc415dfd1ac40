-- Leads replica set $1 as worker $2 where nobody who is registered is named as the leader: its name is all there is, since no session could hold the lock ($3, $4). Whoever gets the
-- lock writes its own name over this one, and this worker finds that at its next look.
WITH unled AS MATERIALIZED (
  SELECT s.replica_set FROM "orchestrator_replica_sets" s
  WHERE s.replica_set = $1 AND NOT EXISTS (SELECT FROM "orchestrator_workers" w WHERE w.worker_id = s.leader_id)
    AND EXISTS (SELECT FROM "orchestrator_workers" w WHERE w.worker_id = $2)
  FOR NO KEY UPDATE OF s SKIP LOCKED
), named AS (
  UPDATE "orchestrator_replica_sets" s SET leader_id = $2 FROM unled WHERE s.replica_set = unled.replica_set
  RETURNING s.leader_id
)
SELECT EXISTS (SELECT FROM named) OR EXISTS (SELECT FROM "orchestrator_replica_sets" s WHERE s.replica_set = $1 AND s.leader_id = $2) AS leads,
  $3::bigint AS lock_key, $4::boolean AS led_before
