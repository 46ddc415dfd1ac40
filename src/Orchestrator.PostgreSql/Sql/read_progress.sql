-- The position that all rows of each projection of replica set $1 have reached. A projection's rows cover every slot.
SELECT projection_name, min(position)
FROM "projection_checkpoints"
WHERE replica_set = $1
GROUP BY projection_name
ORDER BY projection_name COLLATE "C"
