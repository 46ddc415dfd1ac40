-- One checkpoint, once the batch in flight on it has ended, if it still bears the stamp $5.
SELECT projection_name, version, slot_from, slot_to, position, generation_id, worker_id
FROM "projection_checkpoints"
WHERE replica_set = $1 AND projection_name = $2 AND version = $3 AND slot_from = $4 AND generation_id = $5
FOR UPDATE
