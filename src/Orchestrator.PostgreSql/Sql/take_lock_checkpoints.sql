-- The checkpoints of replica set $1 that none of the workers $2 owns, locked in key order: every batch in flight on them has ended, and none can begin. The
-- rows of the others are left alone, so that they need not pause.
SELECT projection_name, version, slot_from, slot_to, position, generation_id, worker_id
FROM "projection_checkpoints"
WHERE replica_set = $1 AND (worker_id IS NULL OR worker_id <> ALL ($2))
ORDER BY replica_set, projection_name, version, slot_from
FOR UPDATE
