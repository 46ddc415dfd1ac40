-- The rows of the new generation, with its stamp.
INSERT INTO "projection_checkpoints" AS c (replica_set, projection_name, version, slot_from, slot_to, position, generation_id, worker_id)
SELECT $1, wanted.*
FROM unnest($2::text[], $3::integer[], $4::integer[], $5::integer[], $6::bigint[], $7::bigint[], $8::uuid[])
  AS wanted (projection_name, version, slot_from, slot_to, position, generation_id, worker_id)
ON CONFLICT (replica_set, projection_name, version, slot_from) DO UPDATE
SET slot_to = excluded.slot_to, position = excluded.position, generation_id = excluded.generation_id, worker_id = excluded.worker_id, updated_at = now()
