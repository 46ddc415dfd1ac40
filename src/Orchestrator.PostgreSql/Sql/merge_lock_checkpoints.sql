-- Two rows of one projection, locked in key order, if they still are worker $4's under the stamps that it knows.
SELECT slot_from, slot_to, position
FROM "projection_checkpoints"
WHERE replica_set = $1 AND projection_name = $2 AND version = $3 AND worker_id = $4
  AND (slot_from = $5 AND generation_id = $6 OR slot_from = $7 AND generation_id = $8)
ORDER BY replica_set, projection_name, version, slot_from
FOR UPDATE
