-- The names that a worker of replica set $1 goes by; see register_lock_worker. No lock: a proxy would leave it with a session that anybody gets next ($2: the worker).
SELECT $2::uuid IS NOT NULL AS locked,
  hashtextextended(('orchestrator leader ' || '"orchestrator_replica_sets"'::regclass::oid || ' ' || $1::text) COLLATE "C", 0) AS leader_key,
  'orc_set_' || to_hex(hashtextextended(('orchestrator set ' || '"orchestrator_replica_sets"'::regclass::oid || ' ' || $1::text) COLLATE "C", 0)) AS channel
