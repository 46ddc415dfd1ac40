-- The last event at or below a position ($1), of any slot and type: where a reader that has seen everything up to there stands. Never that position itself, which may be
-- one that no event has, and that a server crash would give to another. One step in the index: max() would leave that to the planner, who reads all of the log where an
-- ANALYZE in the middle of a long append has told him that it is empty.
SELECT coalesce((SELECT global_position FROM "events" WHERE global_position <= $1 ORDER BY global_position DESC LIMIT 1), 0)
