-- The worker's heartbeat, which only ever moves in place.
INSERT INTO "orchestrator_heartbeats" (worker_id, replica_set) VALUES ($1, $2)
