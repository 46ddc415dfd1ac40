-- Two rows of one projection, locked in key order, if they bear the worker's stamp.
SELECT slot_from, slot_to, position
FROM "projection_checkpoints"
WHERE replica_set = $1 AND projection_name = $2 AND version = $3 AND generation_id = $4 AND worker_id = $5 AND slot_from IN ($6, $7)
ORDER BY replica_set, projection_name, version, slot_from
FOR UPDATE
