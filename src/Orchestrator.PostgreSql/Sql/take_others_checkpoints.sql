-- The checkpoints of replica set $1 that the workers $2 own. Not locked: their owners may move and join them meanwhile, but the slots that they cover together
-- stay the same.
SELECT projection_name, version, slot_from, slot_to, position, generation_id, worker_id
FROM "projection_checkpoints"
WHERE replica_set = $1 AND worker_id = ANY ($2)
