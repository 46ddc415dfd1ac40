INSERT INTO "orchestrator_generations" (replica_set, state, total_partitions, members, leader_id, reason, strategy)
VALUES ($1, 'forming', cardinality($2::uuid[]), $2, $3, $4, $5)
RETURNING generation_id
