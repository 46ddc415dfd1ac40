-- Appends events ($5 and on, in the order of the log) to many aggregates ($1 and $2: type and id, without repetition; $3: how many events each gets;
-- $4: the version each must have before, NULL for any). An event names its aggregate by index from 1 and its place among the aggregate's new events from 1.
-- All heads are locked, in the order of their keys, before a position is drawn: two bulk appends cannot wait for each other in a circle, and the sort by e.n
-- reads all of "head" before the INSERT above it draws its first position.
-- An aggregate that is not at its expected version divides by zero: that refuses the statement as a whole, heads and all, and before it has drawn a position.
WITH wanted AS (
  SELECT * FROM unnest($1::text[], $2::"text"[], $3::bigint[], $4::bigint[]) WITH ORDINALITY AS w (aggregate_type, aggregate_id, event_count, expected_version, n)
), head AS (
  INSERT INTO "aggregate_heads" AS h (aggregate_type, aggregate_id, aggregate_version)
  SELECT aggregate_type, aggregate_id, event_count FROM wanted ORDER BY aggregate_type COLLATE "C", aggregate_id::text COLLATE "C"
  ON CONFLICT (aggregate_type, aggregate_id) DO UPDATE SET aggregate_version = h.aggregate_version + EXCLUDED.aggregate_version, updated_at = now()
  RETURNING h.aggregate_type, h.aggregate_id, h.aggregate_version
), stream AS (
  SELECT w.n, w.aggregate_type, w.aggregate_id,
    (h.aggregate_version - w.event_count) / (w.expected_version IS NULL OR w.expected_version = h.aggregate_version - w.event_count)::integer AS version_before
  FROM wanted AS w JOIN head AS h ON h.aggregate_type = w.aggregate_type AND h.aggregate_id = w.aggregate_id
)
INSERT INTO "events" (
  aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload, trace_id, correlation_id, causation_id, metadata, created_at)
SELECT
  s.aggregate_type, s.aggregate_id, s.version_before + e.place, e.event_id, e.event_type, e.event_version, e.payload, e.trace_id, e.correlation_id, e.causation_id,
  e.metadata::jsonb, coalesce(e.created_at, statement_timestamp())
FROM unnest($5::bigint[], $6::bigint[], $7::uuid[], $8::text[], $9::integer[], $10::bytea[], $11::uuid[], $12::uuid[], $13::uuid[], $14::text[], $15::timestamptz[])
  WITH ORDINALITY AS e (stream, place, event_id, event_type, event_version, payload, trace_id, correlation_id, causation_id, metadata, created_at, n)
  JOIN stream AS s ON s.n = e.stream
ORDER BY e.n
RETURNING aggregate_version, global_position;
