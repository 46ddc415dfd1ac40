-- One notification for all appends since the last. It writes a transaction of its own, which nobody needs to find on disk: it does not wait for that.
SELECT
  set_config('synchronous_commit', 'off', true),
  pg_notify('orc_events_' || '"events"'::regclass::oid, '')
