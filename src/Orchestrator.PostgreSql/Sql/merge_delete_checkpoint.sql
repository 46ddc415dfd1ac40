DELETE FROM "projection_checkpoints"
WHERE replica_set = $1 AND projection_name = $2 AND version = $3 AND slot_from = $4
