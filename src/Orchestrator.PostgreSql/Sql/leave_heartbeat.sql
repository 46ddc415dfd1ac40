-- Heartbeat before worker, here as in a removal, so that the two never wait for each other.
DELETE FROM "orchestrator_heartbeats" WHERE worker_id = $1
