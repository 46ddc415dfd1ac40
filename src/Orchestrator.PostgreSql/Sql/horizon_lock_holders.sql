-- The transactions that may hold positions which are not visible yet: each took this lock before it drew one, and keeps it until its end. Their identity is the virtual
-- transaction id: a pid turns null when a transaction is prepared, and a pooled session keeps it for ever (https://www.postgresql.org/docs/current/view-pg-locks.html).
-- The list spans the cluster's databases; objsubid 2 tells a key of two integers from one of 64 bits.
SELECT DISTINCT virtualtransaction
FROM pg_locks
WHERE locktype = 'advisory' AND classid = 1330791256 AND objid = '"events"'::regclass AND objsubid = 2 AND granted
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
