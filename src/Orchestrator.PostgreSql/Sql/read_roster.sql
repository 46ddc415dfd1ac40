-- Every live generation and every worker of replica set $1, in one statement and so in one snapshot. A worker takes its session lock before it writes its
-- row, and pg_locks is read after the snapshot was taken: a row without a lock means that the worker's session is gone. A worker behind a proxy has no session
-- (session_pid 0), and is taken to live for as long as its heartbeat moves.
WITH held AS MATERIALIZED (
  -- A 64-bit advisory key is shown as two halves (https://www.postgresql.org/docs/current/view-pg-locks.html).
  SELECT (classid::bigint << 32) | objid::bigint AS key, pid
  FROM pg_locks
  WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND mode = 'ExclusiveLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT g.state AS kind, NULL::uuid AS worker_id, g.generation_id, g.members, NULL::text[] AS projections, NULL::bigint AS sequence, NULL::boolean AS held,
  NULL::timestamptz AS started_at, NULL::boolean AS static, g.strategy
FROM "orchestrator_generations" g
WHERE g.replica_set = $1 AND g.state IN ('forming', 'active')
UNION ALL
SELECT 'worker', w.worker_id, w.generation_id, NULL, w.projections, coalesce(h.sequence, 0), held.pid IS NOT NULL OR w.session_pid = 0, w.started_at, w.state = 'static', NULL
FROM "orchestrator_workers" w
LEFT JOIN "orchestrator_heartbeats" h ON h.worker_id = w.worker_id
LEFT JOIN held ON held.key = hashtextextended(('orchestrator worker ' || w.worker_id) COLLATE "C", 0) AND held.pid = w.session_pid
WHERE w.replica_set = $1
ORDER BY started_at, worker_id
