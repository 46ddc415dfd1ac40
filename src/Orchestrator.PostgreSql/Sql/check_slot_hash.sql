-- The replica sets whose aggregates this server, or this version of the code, would put into other slots than those that their checkpoints are about.
SELECT replica_set
FROM "orchestrator_replica_sets"
WHERE slot_count <> 32768 OR slot_probe <> (hashtextextended('orchestrator' COLLATE "C", 0) & 32767)
ORDER BY replica_set;
