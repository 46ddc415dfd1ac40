-- An aggregate's version and its events from version $3 to $4 (NULL: all), in one statement and so of one moment. One row without an event when the range is empty.
SELECT
  last.version, e.global_position, e.aggregate_type, e.aggregate_id::text, e.aggregate_version, e.event_id, e.event_type, e.event_version, e.payload,
  e.trace_id, e.correlation_id, e.causation_id, e.metadata, e.created_at
FROM (SELECT coalesce(max(aggregate_version), 0) AS version FROM "events" WHERE aggregate_type = $1::text AND aggregate_id = $2::"text") AS last
  LEFT JOIN "events" AS e
    ON e.aggregate_type = $1::text AND e.aggregate_id = $2::"text"
    AND e.aggregate_version BETWEEN $3::bigint AND coalesce($4::bigint, 9223372036854775807)
ORDER BY e.aggregate_version;
