-- The checkpoints that worker $2 owns, each with its stamp.
SELECT projection_name, version, slot_from, slot_to, position, generation_id
FROM "projection_checkpoints"
WHERE replica_set = $1 AND worker_id = $2
ORDER BY projection_name COLLATE "C", version, slot_from
