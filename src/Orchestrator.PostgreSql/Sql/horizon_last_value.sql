-- The last position that any append has drawn, whether it is visible yet or not. A sequence is read as it is now, outside every snapshot
-- (https://www.postgresql.org/docs/current/functions-sequence.html), and by the function behind pg_sequences: read as a table it is up to 32 too high while the server logs a draw ahead (nextval_internal,
-- https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/commands/sequence.c), which the function waits for. It says nothing of a sequence that nobody has drawn from; such a one was right as a
-- table, and was read first.
WITH sequence AS MATERIALIZED (SELECT tableoid AS id, last_value - 1 AS never_drawn FROM "events_global_position_seq")
SELECT coalesce(pg_sequence_last_value(id), never_drawn) AS last_value FROM sequence
