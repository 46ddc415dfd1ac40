-- The first worker of a replica set creates its row.
INSERT INTO "orchestrator_replica_sets" (replica_set) VALUES ($1) ON CONFLICT (replica_set) DO NOTHING
