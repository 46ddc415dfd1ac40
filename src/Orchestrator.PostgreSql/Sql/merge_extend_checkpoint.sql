-- The exclusion constraint is checked at the commit, when the upper row is gone.
UPDATE "projection_checkpoints" SET slot_to = $5, updated_at = now()
WHERE replica_set = $1 AND projection_name = $2 AND version = $3 AND slot_from = $4
