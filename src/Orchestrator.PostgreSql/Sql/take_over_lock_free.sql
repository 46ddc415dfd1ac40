-- Those of some checkpoints that nobody has locked and that still bear the stamps $5. A batch in flight is not waited for, so that nobody who waits for one row holds another.
SELECT c.projection_name, c.version, c.slot_from, c.slot_to, c.position, c.generation_id, c.worker_id
FROM "projection_checkpoints" c
JOIN unnest($2::text[], $3::integer[], $4::integer[], $5::bigint[]) AS wanted (projection_name, version, slot_from, generation_id)
  ON c.projection_name = wanted.projection_name AND c.version = wanted.version AND c.slot_from = wanted.slot_from AND c.generation_id = wanted.generation_id
WHERE c.replica_set = $1
FOR UPDATE OF c SKIP LOCKED
