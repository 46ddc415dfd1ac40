-- The checkpoints mean what they say only while an aggregate's slot is what it was when they were written.
SELECT slot_count, slot_probe = (hashtextextended('orchestrator' COLLATE "C", 0) & 32767) AS same_hash
FROM "orchestrator_replica_sets" WHERE replica_set = $1
