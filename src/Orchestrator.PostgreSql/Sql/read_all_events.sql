SELECT
  global_position, aggregate_type, aggregate_id::text, aggregate_version, event_id, event_type, event_version, payload,
  trace_id, correlation_id, causation_id, metadata, created_at
FROM "events"
WHERE global_position > $1::bigint
ORDER BY global_position
LIMIT $2::integer;
