-- The last position drawn, and the checkpoint that is furthest ahead. Checkpoints are as of the statement's snapshot; a sequence is read as it is at that moment or later
-- (https://www.postgresql.org/docs/current/functions-sequence.html): a checkpoint beyond it proves that the log has stepped back. Null for a sequence that nobody has drawn from.
SELECT
  coalesce((
    SELECT s.last_value FROM pg_sequences AS s
    WHERE format('%I.%I', s.schemaname, s.sequencename) = pg_get_serial_sequence('"events"', 'global_position')), 0) AS last_value,
  coalesce(furthest.position, 0), furthest.replica_set, furthest.projection_name
FROM (SELECT) AS one
  LEFT JOIN LATERAL (SELECT position, replica_set, projection_name FROM "projection_checkpoints" ORDER BY position DESC LIMIT 1) AS furthest ON true;
