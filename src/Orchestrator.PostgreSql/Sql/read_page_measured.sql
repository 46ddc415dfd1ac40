-- The same as read_page.sql, for a log of large events: no further event once the size of those before it has reached $4 bytes. Sizes are measured without reading payloads
-- that are stored out of line (https://www.postgresql.org/docs/current/storage-toast.html), so that what would be cut off is neither read nor sent.
SELECT global_position, aggregate_type, aggregate_id, aggregate_version, event_id, event_type, event_version, payload,
       trace_id, correlation_id, causation_id, metadata, created_at, slot, size
FROM (
  SELECT *, sum(size) OVER (ORDER BY global_position ROWS UNBOUNDED PRECEDING) AS total
  FROM (
    SELECT global_position, aggregate_type, aggregate_id::text AS aggregate_id, aggregate_version, event_id, event_type, event_version, payload,
           trace_id, correlation_id, causation_id, metadata, created_at,
           (hashtextextended(aggregate_id::text COLLATE "C", 0) & 32767)::int AS slot,
           octet_length(payload) + coalesce(pg_column_size(metadata), 0)      AS size
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
) AS page
WHERE total - size < $4
ORDER BY global_position
