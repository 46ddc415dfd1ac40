-- Who holds the horizon back, the oldest first, in words for an operator. A prepared transaction has no session: it is found by its transaction id's own lock.
-- Other users' statements are only shown to members of pg_read_all_stats.
SELECT
  held.virtualtransaction,
  held.pid,
  activity.application_name,
  coalesce(activity.usename::text, prepared.owner::text)                                               AS user_name,
  extract(epoch FROM clock_timestamp() - coalesce(activity.xact_start, prepared.prepared))::double precision AS age_seconds,
  activity.state,
  left(activity.query, 500)                                                                            AS last_statement,
  prepared.gid                                                                                         AS prepared_transaction
FROM pg_locks AS held
LEFT JOIN pg_stat_activity AS activity ON activity.pid = held.pid
LEFT JOIN pg_locks AS own ON held.pid IS NULL AND own.pid IS NULL AND own.locktype = 'transactionid' AND own.virtualtransaction = held.virtualtransaction
LEFT JOIN pg_prepared_xacts AS prepared ON prepared.transaction = own.transactionid
WHERE held.locktype = 'advisory' AND held.classid = 1330791256 AND held.objid = '"events"'::regclass AND held.objsubid = 2 AND held.granted
  AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
ORDER BY age_seconds DESC NULLS LAST
