-- The barrier: every batch in flight of replica set $1 has ended when these locks are held, and none can begin. The rows are locked in the order they are
-- sorted in, and come as they are once locked (https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE).
SELECT projection_name, version, slot_from, slot_to, position, generation_id, worker_id
FROM "projection_checkpoints"
WHERE replica_set = $1
ORDER BY replica_set, projection_name, version, slot_from
FOR UPDATE
