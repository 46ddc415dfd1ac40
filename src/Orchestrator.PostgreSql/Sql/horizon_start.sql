-- What a new horizon session starts from.
-- The session reads positions in order and nothing else, by the primary key; a plan made while the table was small must not become a scan of it later. A sequence has no index,
-- and without enable_seqscan its one row looks so dear that the server would compile the statement, for 40 ms at every look
-- (https://www.postgresql.org/docs/current/jit-decision.html).
SELECT
  pg_get_serial_sequence('"events"', 'global_position') AS sequence_name,
  set_config('default_transaction_isolation', 'read committed', false),
  set_config('enable_seqscan', 'off', false),
  set_config('enable_bitmapscan', 'off', false),
  set_config('jit', 'off', false);
