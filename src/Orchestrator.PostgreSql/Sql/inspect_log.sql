-- The server's time, and the last event that is visible: one step in the log's key.
SELECT clock_timestamp(), coalesce((SELECT global_position FROM "events" ORDER BY global_position DESC LIMIT 1), 0)
