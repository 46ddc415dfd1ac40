-- Serialises the transitions of replica set $1. Not FOR UPDATE: a worker that registers refers to the row, and need not wait.
SELECT replica_set FROM "orchestrator_replica_sets" WHERE replica_set = $1 FOR NO KEY UPDATE
