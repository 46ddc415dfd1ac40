-- A batch says whose it is ($1), and holds its locks no longer than this if its process freezes. Read model and checkpoint are in one stretch of the WAL:
-- a server crash can lose both together, never one of them.
SELECT set_config('application_name', $1, true), set_config('synchronous_commit', 'off', true),
  set_config('idle_in_transaction_session_timeout', '30s', true), set_config('lock_timeout', '10s', true)
