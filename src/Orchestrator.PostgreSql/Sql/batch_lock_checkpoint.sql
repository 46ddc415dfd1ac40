-- The fence: locks a checkpoint only if it bears the worker's stamp. While an activation holds the row this waits, and then sees the row as stamped anew.
SELECT position, slot_to, txid_current() AS transaction_id
FROM "projection_checkpoints"
WHERE replica_set = $1 AND projection_name = $2 AND version = $3 AND slot_from = $4 AND generation_id = $5 AND worker_id = $6
FOR UPDATE
