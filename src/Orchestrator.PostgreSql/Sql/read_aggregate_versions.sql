-- Where aggregates stand, in the order given: the head's version and that of the last event (equal unless something else than the event store wrote).
SELECT
  coalesce(h.aggregate_version, 0),
  coalesce((SELECT max(e.aggregate_version) FROM "events" AS e WHERE e.aggregate_type = w.aggregate_type AND e.aggregate_id = w.aggregate_id), 0)
FROM unnest($1::text[], $2::"text"[]) WITH ORDINALITY AS w (aggregate_type, aggregate_id, n)
  LEFT JOIN "aggregate_heads" AS h ON h.aggregate_type = w.aggregate_type AND h.aggregate_id = w.aggregate_id
ORDER BY w.n;
