-- The events behind a position ($1) up to another ($2), $3 at most. A line that ends with a condition is left out where that does not hold.
SELECT global_position, aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload,
       trace_id, correlation_id, causation_id, metadata, created_at, slot
FROM (
  SELECT global_position, aggregate_type, aggregate_id::text AS aggregate_id, aggregate_version, event_id, event_type, event_version, payload,
         trace_id, correlation_id, causation_id, metadata, created_at,
         (hashtextextended(aggregate_id::text COLLATE "C", 0) & 32767)::int AS slot
  FROM "events"
  WHERE global_position > $1 AND global_position <= $2
    AND aggregate_type = ANY ($7) -- if some aggregate types
    AND event_type = ANY ($8) -- if some event types
  ORDER BY global_position
  OFFSET 0 -- if some slots: so that a slot is computed once
) AS candidate
WHERE slot >= $5 AND slot < $6 -- if some slots
  AND slot <@ $9::int4multirange -- if slots in pieces
ORDER BY global_position
LIMIT $3
