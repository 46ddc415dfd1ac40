-- Wakes every worker of a replica set once the transaction has committed.
SELECT pg_notify($1, '')
