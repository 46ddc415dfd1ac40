-- The checkpoints of replica set $1 as they are now. Not locked: their owners may move and join them meanwhile.
SELECT projection_name, version, slot_from, slot_to, position, generation_id, worker_id
FROM "projection_checkpoints"
WHERE replica_set = $1
