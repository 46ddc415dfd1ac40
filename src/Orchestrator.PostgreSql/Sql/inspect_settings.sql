-- For the transaction of a look alone: it writes nothing, and what lies behind a position is found by the log's key, whatever the statistics say of the log.
SELECT
  set_config('transaction_read_only', 'on', true),
  set_config('enable_seqscan', 'off', true),
  set_config('enable_bitmapscan', 'off', true),
  set_config('jit', 'off', true)
