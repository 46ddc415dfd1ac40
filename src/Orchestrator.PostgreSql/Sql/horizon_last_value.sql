-- The last position that any append has drawn, whether it is visible yet or not. A sequence is read as it is now, outside every snapshot
-- (https://www.postgresql.org/docs/current/functions-sequence.html).
SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END AS last_value FROM "events_global_position_seq"
