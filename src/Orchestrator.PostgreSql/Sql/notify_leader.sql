-- Wakes whoever leads a replica set, once the transaction has committed. All others hear it too, and sleep on: else a rescale of a thousand workers would be a million looks.
SELECT pg_notify($1, 'leader')
