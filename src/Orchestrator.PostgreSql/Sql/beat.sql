-- Moves worker $1's heartbeat. No index covers what changes, so that the row is updated in its place.
UPDATE "orchestrator_heartbeats" SET sequence = sequence + 1, heartbeat_at = clock_timestamp() WHERE worker_id = $1 RETURNING sequence
