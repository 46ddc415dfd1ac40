-- The last event that is committed, behind the horizon or not.
SELECT coalesce(max(global_position), 0) FROM "events"
