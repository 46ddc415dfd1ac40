-- Drops everything that 001_create_tables.up.sql created, the event log included: there is no way back but a backup.

DROP TABLE IF EXISTS "projection_checkpoints";
DROP TABLE IF EXISTS "orchestrator_heartbeats";
DROP TABLE IF EXISTS "orchestrator_workers";
DROP TABLE IF EXISTS "orchestrator_generations";
DROP TABLE IF EXISTS "orchestrator_replica_sets";
DROP TABLE IF EXISTS "aggregate_heads";
DROP TABLE IF EXISTS "events";
DROP FUNCTION IF EXISTS "events_announce_append"();
DROP TABLE IF EXISTS "orchestrator_migrations";
