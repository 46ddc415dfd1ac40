-- Tries for the leader's lock $3 unless this session holds it already ($4), and then says in replica set $1's row that worker $2 leads. The name is a
-- hint for the others: a row that is locked right now is named next time.
WITH attempt AS MATERIALIZED (
  SELECT CASE WHEN $4 THEN true ELSE pg_try_advisory_lock($3) END AS leads
), unnamed AS MATERIALIZED (
  SELECT replica_set FROM "orchestrator_replica_sets", attempt
  WHERE leads AND replica_set = $1 AND leader_id IS DISTINCT FROM $2
  FOR NO KEY UPDATE OF "orchestrator_replica_sets" SKIP LOCKED
), named AS (
  UPDATE "orchestrator_replica_sets" s SET leader_id = $2 FROM unnamed WHERE s.replica_set = unnamed.replica_set
)
SELECT leads FROM attempt
