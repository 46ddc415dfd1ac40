-- Moves a checkpoint forward, from $7 to $8. Fails (division by zero), and what follows in the same round trip with it, unless it stands where the batch found it, and this still is the transaction $9
-- that the batch began.
WITH moved AS (
  UPDATE "projection_checkpoints" SET position = $8, updated_at = now()
  WHERE replica_set = $1 AND projection_name = $2 AND version = $3 AND slot_from = $4 AND generation_id = $5 AND worker_id = $6 AND position = $7 AND $8 > $7
  RETURNING 1
)
SELECT 1 / (count(*) * (txid_current() = $9)::integer) FROM moved
