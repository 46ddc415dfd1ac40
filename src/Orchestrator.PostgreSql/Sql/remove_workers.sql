-- Takes the workers $2 off the roster of replica set $1, each only if it still is what it was judged for: dead ($3) with its session lock free, or stale
-- with its heartbeat where it was ($4). A heartbeat that commits first wins: the condition is checked again on the row as it is then. A worker behind a
-- proxy has no session (session_pid 0) that could be gone.
WITH held AS MATERIALIZED (
  SELECT (classid::bigint << 32) | objid::bigint AS key, pid
  FROM pg_locks
  WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND mode = 'ExclusiveLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
), judged AS MATERIALIZED (
  SELECT w.worker_id, removal.dead, removal.sequence
  FROM unnest($2::uuid[], $3::boolean[], $4::bigint[]) AS removal (worker_id, dead, sequence)
  JOIN "orchestrator_workers" w ON w.worker_id = removal.worker_id AND w.replica_set = $1
  LEFT JOIN held ON held.key = hashtextextended(('orchestrator worker ' || w.worker_id) COLLATE "C", 0) AND held.pid = w.session_pid
  WHERE NOT removal.dead OR (held.pid IS NULL AND w.session_pid <> 0)
), silenced AS (
  DELETE FROM "orchestrator_heartbeats" h USING judged
  WHERE h.worker_id = judged.worker_id AND (judged.dead OR h.sequence = judged.sequence)
  RETURNING h.worker_id
)
DELETE FROM "orchestrator_workers" w USING silenced WHERE w.worker_id = silenced.worker_id
RETURNING w.worker_id
