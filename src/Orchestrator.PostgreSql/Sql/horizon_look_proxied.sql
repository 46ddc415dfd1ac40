-- Begins one look at the log through a proxy: which of the server's sessions the transaction has, and, for this transaction alone, what horizon_start sets for a session.
SELECT
  pg_backend_pid() AS session_pid,
  (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()) AS session_start,
  set_config('enable_seqscan', 'off', true),
  set_config('enable_bitmapscan', 'off', true),
  set_config('jit', 'off', true)
