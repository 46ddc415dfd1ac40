-- The checkpoints that bear a worker's stamp.
SELECT projection_name, version, slot_from, slot_to, position
FROM "projection_checkpoints"
WHERE replica_set = $1 AND generation_id = $2 AND worker_id = $3
ORDER BY projection_name COLLATE "C", version, slot_from
