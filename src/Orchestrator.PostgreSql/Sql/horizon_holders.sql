-- Who holds the horizon back, the oldest first, for an operator. A prepared transaction has no session: it is found by its transaction id's own lock.
-- Time, state, address and statement of other users' sessions are only shown to members of pg_read_all_stats (https://www.postgresql.org/docs/current/monitoring-stats.html).
-- To end a session by its process id alone could hit its next transaction, behind a pooler even somebody else's: so the start of this one is part of the condition.
SELECT
  held.pid,
  prepared.gid                                                                                               AS prepared_transaction,
  activity.application_name,
  coalesce(activity.usename::text, prepared.owner::text)                                                     AS user_name,
  host(activity.client_addr)                                                                                 AS client_address,
  activity.state,
  coalesce(activity.xact_start, prepared.prepared)                                                           AS since,
  extract(epoch FROM clock_timestamp() - coalesce(activity.xact_start, prepared.prepared))::double precision AS age_seconds,
  left(activity.query, 500)                                                                                  AS last_statement,
  CASE
    WHEN prepared.gid IS NOT NULL THEN format('ROLLBACK PREPARED %L', prepared.gid)
    WHEN activity.xact_start IS NOT NULL THEN format(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s AND xact_start = %L',
      held.pid, to_char(activity.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00')
    WHEN held.pid IS NOT NULL THEN format('SELECT pg_terminate_backend(%s)', held.pid)
  END                                                                                                        AS end_statement
FROM pg_locks AS held
LEFT JOIN pg_stat_activity AS activity ON activity.pid = held.pid
LEFT JOIN pg_locks AS own ON held.pid IS NULL AND own.pid IS NULL AND own.locktype = 'transactionid' AND own.virtualtransaction = held.virtualtransaction
LEFT JOIN pg_prepared_xacts AS prepared ON prepared.transaction = own.transactionid
WHERE held.locktype = 'advisory' AND held.classid = 1330791256 AND held.objid = '"events"'::regclass AND held.objsubid = 2 AND held.granted
  AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY age_seconds DESC NULLS LAST
