-- Every registered worker: who it is, how old its heartbeat is by the server's clock, and whether its session is gone. A worker behind a proxy has none (session_pid 0).
WITH held AS MATERIALIZED (
  SELECT (classid::bigint << 32) | objid::bigint AS key, pid
  FROM pg_locks
  WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND mode = 'ExclusiveLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
)
SELECT
  w.replica_set,
  format('worker %s (process %s on %s)', w.worker_id, w.process_id, w.host_name)            AS name,
  w.state = 'static'                                                                        AS is_static,
  w.projections,
  extract(epoch FROM clock_timestamp() - w.started_at)::double precision                    AS registered_seconds,
  extract(epoch FROM clock_timestamp() - h.heartbeat_at)::double precision                  AS heartbeat_seconds,
  w.session_pid <> 0 AND held.pid IS NULL                                                   AS is_gone
FROM "orchestrator_workers" AS w
LEFT JOIN "orchestrator_heartbeats" AS h ON h.worker_id = w.worker_id
LEFT JOIN held ON held.key = hashtextextended(('orchestrator worker ' || w.worker_id) COLLATE "C", 0) AND held.pid = w.session_pid
ORDER BY w.replica_set, w.started_at, w.worker_id
