-- The last event at or below a position ($1), of any slot and type: where a reader that has seen everything up to there stands. Never that position itself, which may be
-- one that no event has, and that a server crash would give to another.
SELECT coalesce(max(global_position), 0) FROM "events" WHERE global_position <= $1
