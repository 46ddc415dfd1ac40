-- The limits of a transition: no lock is waited for longer than the workers can pause, and a leader that freezes in the middle of one lets go.
-- Durable whatever the role's default is (https://www.postgresql.org/docs/current/runtime-config-client.html).
SELECT set_config('lock_timeout', '1s', true), set_config('statement_timeout', '5s', true),
  set_config('idle_in_transaction_session_timeout', '5s', true), set_config('synchronous_commit', 'on', true)
