-- Rows whose first slot begins no row of the new generation. What they covered is in another row: no two may overlap when the transaction commits.
DELETE FROM "projection_checkpoints" c
USING unnest($2::text[], $3::integer[], $4::integer[]) AS gone (projection_name, version, slot_from)
WHERE c.replica_set = $1 AND c.projection_name = gone.projection_name AND c.version = gone.version AND c.slot_from = gone.slot_from
