-- What a new horizon session starts from.
-- The session reads positions in order and nothing else, by the primary key; a plan made while the table was small must not become a scan of it later.
SELECT
  pg_get_serial_sequence('"events"', 'global_position') AS sequence_name,
  set_config('default_transaction_isolation', 'read committed', false),
  set_config('enable_seqscan', 'off', false),
  set_config('enable_bitmapscan', 'off', false);
