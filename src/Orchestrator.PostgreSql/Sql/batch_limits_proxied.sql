-- The same as batch_limits, and which server session the transaction has: a proxy may have given it any.
SELECT set_config('application_name', $1, true), set_config('synchronous_commit', 'off', true),
  set_config('idle_in_transaction_session_timeout', '30s', true), set_config('lock_timeout', '10s', true),
  pg_backend_pid() AS session_pid, (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()) AS session_start
