-- The replica set $1, or all of them where that is null.
SELECT replica_set, leader_id FROM "orchestrator_replica_sets" WHERE $1::text IS NULL OR replica_set = $1 ORDER BY replica_set COLLATE "C"
