-- Moves a checkpoint forward, from $7 to $8.
UPDATE "projection_checkpoints" SET position = $8, updated_at = now()
WHERE replica_set = $1 AND projection_name = $2 AND version = $3 AND slot_from = $4 AND generation_id = $5 AND worker_id = $6 AND position = $7 AND $8 > $7
