-- The limits of a transition: no lock is waited for longer than the workers can pause, and a leader that freezes in the middle of one lets go. It bears its worker's name ($1), and says which of
-- the server's sessions it runs on: behind a proxy the connection does not tell.
-- Durable whatever the role's default is (https://www.postgresql.org/docs/current/runtime-config-client.html).
SELECT pg_backend_pid(), set_config('application_name', $1, true), set_config('lock_timeout', '1s', true), set_config('statement_timeout', '5s', true),
  set_config('idle_in_transaction_session_timeout', '5s', true), set_config('synchronous_commit', 'on', true)
