-- How far the projections of replica set $1 are, or those of all where that is null, and when the first event behind that was created: one step in the log's key for each row.
SELECT c.replica_set, c.projection_name, c.version, c.slot_from, c.slot_to, c.position, c.worker_id, c.updated_at, next.created_at
FROM "projection_checkpoints" AS c
LEFT JOIN LATERAL (
  SELECT e.created_at FROM "events" AS e WHERE e.global_position > c.position ORDER BY e.global_position LIMIT 1) AS next ON true
WHERE $1::text IS NULL OR c.replica_set = $1
ORDER BY c.replica_set COLLATE "C", c.projection_name COLLATE "C", c.version, c.slot_from
