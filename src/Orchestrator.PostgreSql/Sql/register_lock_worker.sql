-- Takes the session lock that means "worker $2 is alive", and reads the names that a session of replica set $1 goes by. The tables' own identity is
-- part of the leader's key and of the channel, so that two installations in one database do not meet.
SELECT pg_try_advisory_lock(hashtextextended(('orchestrator worker ' || $2::uuid) COLLATE "C", 0)) AS locked,
  hashtextextended(('orchestrator leader ' || '"orchestrator_replica_sets"'::regclass::oid || ' ' || $1::text) COLLATE "C", 0) AS leader_key,
  'orc_set_' || to_hex(hashtextextended(('orchestrator set ' || '"orchestrator_replica_sets"'::regclass::oid || ' ' || $1::text) COLLATE "C", 0)) AS channel
