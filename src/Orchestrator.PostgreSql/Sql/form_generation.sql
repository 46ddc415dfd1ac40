INSERT INTO "orchestrator_generations" (replica_set, state, total_partitions, members, leader_id, reason)
VALUES ($1, 'forming', cardinality($2::uuid[]), $2, $3, $4)
RETURNING generation_id
