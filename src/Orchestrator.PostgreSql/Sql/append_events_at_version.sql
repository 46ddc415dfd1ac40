-- Appends to an aggregate that has exactly version $3. It is refused when it has another, or does not exist.
-- The head row is locked before a position is drawn from the sequence: see append_events.sql.
-- Where it is refused, one row without a position says why: the head's version, the last event's, and the first of these events that is in the log already. It is as old as the statement, so that
-- an append which came in between while this one waited may not be seen in it. Otherwise nothing of that is looked at.
WITH head AS (
  UPDATE "aggregate_heads"
  SET aggregate_version = aggregate_version + $4::bigint, updated_at = now()
  WHERE aggregate_type = $1::text AND aggregate_id = $2::"text" AND aggregate_version = $3::bigint
  RETURNING $3::bigint AS version_before
), appended AS (
  INSERT INTO "events" (
    aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload, trace_id, correlation_id, causation_id, metadata, created_at)
  SELECT
    $1::text, $2::"text", head.version_before + e.n, e.event_id, e.event_type, e.event_version, e.payload, e.trace_id, e.correlation_id, e.causation_id,
    e.metadata::jsonb, coalesce(e.created_at, statement_timestamp())
  FROM head, unnest($5::uuid[], $6::text[], $7::integer[], $8::bytea[], $9::uuid[], $10::uuid[], $11::uuid[], $12::text[], $13::timestamptz[])
    WITH ORDINALITY AS e (event_id, event_type, event_version, payload, trace_id, correlation_id, causation_id, metadata, created_at, n)
  ORDER BY e.n
  RETURNING aggregate_version, global_position
)
SELECT aggregate_version, global_position, NULL::bigint AS last_event, NULL::uuid AS known_event FROM appended
UNION ALL
SELECT
  coalesce((SELECT h.aggregate_version FROM "aggregate_heads" AS h WHERE h.aggregate_type = $1::text AND h.aggregate_id = $2::"text"), 0),
  NULL,
  coalesce((SELECT max(e.aggregate_version) FROM "events" AS e WHERE e.aggregate_type = $1::text AND e.aggregate_id = $2::"text"), 0),
  (SELECT w.event_id FROM unnest($5::uuid[]) WITH ORDINALITY AS w (event_id, n) WHERE EXISTS (SELECT FROM "events" AS e WHERE e.event_id = w.event_id) ORDER BY w.n LIMIT 1)
WHERE NOT EXISTS (SELECT FROM head);
