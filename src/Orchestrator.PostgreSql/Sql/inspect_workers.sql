-- Who is registered for replica set $1, or for any where that is null, and whether the session is open by which the worker lives: as in read_roster.sql. That cannot be told of a worker behind a
-- proxy, which has none, nor on a standby, which does not know the primary's locks.
WITH held AS MATERIALIZED (
  SELECT (classid::bigint << 32) | objid::bigint AS key, pid
  FROM pg_locks
  WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND mode = 'ExclusiveLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT w.replica_set, w.worker_id, w.host_name, w.process_id, w.application_version, w.partition_key, w.state = 'static' AS is_static, w.generation_id, w.lanes, w.projections,
  w.started_at, h.heartbeat_at, CASE WHEN w.session_pid = 0 OR pg_is_in_recovery() THEN NULL ELSE held.pid IS NOT NULL END AS is_connected
FROM "orchestrator_workers" AS w
LEFT JOIN "orchestrator_heartbeats" AS h ON h.worker_id = w.worker_id
LEFT JOIN held ON held.key = hashtextextended(('orchestrator worker ' || w.worker_id) COLLATE "C", 0) AND held.pid = w.session_pid
WHERE $1::text IS NULL OR w.replica_set = $1
ORDER BY w.started_at, w.worker_id
