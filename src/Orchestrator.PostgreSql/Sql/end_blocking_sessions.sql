-- Who keeps the session $1 waiting? Follows the queue to its roots, the sessions that wait for nobody: whoever only waits in front of us is innocent.
-- Ends a root only if it bears the id of one of the workers $3 (with $4: only while its heartbeat is still there), or of a worker that was once a member
-- in replica set $2 and is not registered any more. Finding, judging and ending are one statement, so that no other session is hit in their place.
WITH RECURSIVE chain AS (
  SELECT unnest(pg_blocking_pids($1)) AS pid
  UNION
  SELECT unnest(pg_blocking_pids(chain.pid)) FROM chain
), root AS MATERIALIZED (
  SELECT chain.pid, a.application_name, a.usename,
    substring(a.application_name FROM '^orc:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}):')::uuid AS worker_id
  FROM chain LEFT JOIN pg_stat_activity a ON a.pid = chain.pid
  WHERE cardinality(pg_blocking_pids(chain.pid)) = 0
), judged AS MATERIALIZED (
  SELECT root.*,
    EXISTS (
      SELECT FROM unnest($3::uuid[], $4::bigint[]) AS excused (worker_id, sequence)
      LEFT JOIN "orchestrator_heartbeats" h ON h.worker_id = excused.worker_id
      WHERE excused.worker_id = root.worker_id AND (excused.sequence IS NULL OR h.sequence = excused.sequence))
    OR (EXISTS (SELECT FROM "orchestrator_generations" g WHERE g.replica_set = $2 AND root.worker_id = ANY (g.members))
      AND NOT EXISTS (SELECT FROM "orchestrator_workers" w WHERE w.worker_id = root.worker_id)) AS over
  FROM root
)
SELECT pid, coalesce(application_name, '') AS application_name, coalesce(usename, '') AS user_name,
  CASE WHEN over THEN pg_terminate_backend(pid) ELSE false END AS ended
FROM judged
