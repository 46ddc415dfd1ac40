-- What has become of transaction $1: 'in progress', 'committed' or 'aborted'
-- (https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SNAPSHOT).
SELECT txid_status($1)
